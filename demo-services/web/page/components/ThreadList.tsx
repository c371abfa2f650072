import { useEffect, useRef } from 'preact/hooks';
import { complain } from '../model/notices.js';
import { here } from '../model/place.js';
import { recorders } from '../model/recorders.js';
import { hasMore, loadMoreThreads, threads, unread } from '../model/threads.js';
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
      {hasMore.value && <More />}
    </nav>
  );
}

/** How early more is loaded. */
const AHEAD = '400px';

/** Loads further when one scrolls there; without a pointer it is pressed. */
function More() {
  const button = useRef<HTMLButtonElement>(null);
  const last = threads.value?.at(-1)?.id;
  const load = () => void loadMoreThreads().catch(complain);
  useEffect(() => {
    const end = button.current;
    if (end === null) return undefined;
    const observer = new IntersectionObserver(
      changes => {
        if (changes.some(({ isIntersecting }) => isIntersecting)) load();
      },
      { root: end.closest('.rows'), rootMargin: AHEAD },
    );
    observer.observe(end);
    return () => observer.disconnect();
  }, [last]);
  return (
    <button type="button" class="link" ref={button} onClick={load}>
      Earlier threads
    </button>
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
