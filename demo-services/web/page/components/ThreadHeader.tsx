import { open } from '../model/dialogs.js';
import { go } from '../model/place.js';
import { recorders } from '../model/recorders.js';
import { details, online, threads } from '../model/threads.js';
import { me } from '../net/session.js';
import { listed } from '../state/wording.js';
import { Avatar } from './Avatar.js';
import { IconButton } from './IconButton.js';

const MOST_FACES = 4;

export function ThreadHeader({ thread }: { readonly thread: string }) {
  const detail = details.value[thread];
  const title = detail?.title ?? threads.value?.find(({ id }) => id === thread)?.title ?? '';
  const members = detail?.members ?? [];
  return (
    <header class="thread-header">
      <IconButton icon="back" class="back" label="Back to the threads" onClick={() => go({})} />
      <div class="text">
        <h1 id="thread-title">{title}</h1>
        <p class="muted" role="status">
          <Standing thread={thread} />
        </p>
      </div>
      <button
        type="button"
        class="faces"
        aria-label={`Members: ${members.length}. Invite somebody`}
        title="Members"
        onClick={() => {
          open.value = 'members';
        }}
      >
        {members.slice(0, MOST_FACES).map(({ name }) => (
          <Avatar key={name} name={name} online={online.value[name]} />
        ))}
        {members.length > MOST_FACES && <span class="more">+{members.length - MOST_FACES}</span>}
      </button>
    </header>
  );
}

/** Who records, or else who is here. */
function Standing({ thread }: { readonly thread: string }) {
  const others = (details.value[thread]?.members ?? [])
    .map(({ name }) => name)
    .filter(name => name !== me.value);
  const speaking = (recorders.value[thread] ?? []).filter(name => name !== me.value);
  if (speaking.length > 0) {
    return (
      <span class="speaking">
        <span class="pulse" aria-hidden="true" />
        {listed(speaking)} {speaking.length === 1 ? 'is' : 'are'} recording…
      </span>
    );
  }
  const present = others.filter(name => online.value[name]);
  if (present.length > 0)
    return (
      <>
        {listed(present)} {present.length === 1 ? 'is' : 'are'} here
      </>
    );
  if (others.length === 0) return <>Only you, so far</>;
  return <>With {listed(others)}</>;
}
