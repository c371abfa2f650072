import { here } from '../model/place.js';
import { recorders } from '../model/recorders.js';
import { threads, unread } from '../model/threads.js';
import { me } from '../net/session.js';
import { gistOf } from '../state/listing.js';
import { hashOf } from '../state/route.js';
import { listed, when } from '../state/wording.js';
import { Avatar } from './Avatar.js';

export function ThreadList() {
  if (threads.value === undefined) return <Waiting />;
  return (
    <nav class="rows" aria-label="Threads">
      <ul>
        {threads.value.map(({ id, title, newest, createdAt }) => {
          const speaking = (recorders.value[id] ?? []).filter(name => name !== me.value);
          const isNew = unread.value.has(id);
          const by = newest && (newest.author === me.value ? 'You: ' : `${newest.author}: `);
          return (
            <li key={id}>
              <a
                class={isNew ? 'row unread' : 'row'}
                href={hashOf({ thread: id })}
                aria-current={here.value === id ? 'page' : undefined}
              >
                <Avatar name={title} />
                <span class="text">
                  <span class="title">{title}</span>
                  {speaking.length > 0 ? (
                    <span class="gist speaking">{listed(speaking)} recording…</span>
                  ) : (
                    <span class="gist">{newest ? `${by}${gistOf(newest)}` : 'Nothing said yet'}</span>
                  )}
                </span>
                <span class="aside">
                  <time dateTime={newest?.createdAt ?? createdAt}>
                    {when(newest?.createdAt ?? createdAt, new Date())}
                  </time>
                  {isNew && (
                    <span class="dot">
                      <span class="only-read">New</span>
                    </span>
                  )}
                </span>
              </a>
            </li>
          );
        })}
      </ul>
    </nav>
  );
}

function Waiting() {
  return (
    <div class="rows waiting" aria-hidden="true">
      {[1, 2, 3].map(n => (
        <span key={n} class="row ghost" />
      ))}
    </div>
  );
}
