import { kept, urlOf } from '../model/kept.js';
import { complain } from '../model/notices.js';
import { progress, throwAway, tryAgain } from '../model/outbox.js';
import type { Kept } from '../net/shelf.js';
import type { Outgoing } from '../state/outgoing.js';
import { clock } from '../state/wording.js';
import { Icon } from './Icon.js';
import { Player } from './Player.js';

/** A message that stands in its thread before the front door has it. */
export function OutgoingMessage({ outgoing }: { readonly outgoing: Outgoing }) {
  const { key, kind, createdAt, state } = outgoing;
  const item = kept.value.find(one => one.key === key);
  return (
    <li class="message own leaving">
      <article
        data-message={key}
        tabIndex={-1}
        aria-label={`You, ${clock(createdAt)}: ${kind === 'image' ? 'picture' : 'voice message'}, ${WORDS[state]}`}
      >
        <header>
          <strong>You</strong>
          <time dateTime={createdAt}>{clock(createdAt)}</time>
        </header>
        <div class={`bubble ${kind}`}>
          {item && <Contents item={item} />}
          <Way outgoing={outgoing} />
        </div>
      </article>
    </li>
  );
}

const WORDS = { draft: 'waits for the network', sending: 'being sent', refused: 'was refused' } as const;

export function Contents({ item }: { readonly item: Kept }) {
  const { key, kind, seconds = 0, levels = [] } = item;
  if (kind === 'image')
    return <img class="picture own-picture" src={urlOf(item)} alt="Yours, not sent yet" />;
  const what = { id: key, duration: seconds, sound: async () => urlOf(item) };
  return <Player what={what} levels={levels} words={NO_WORDS} />;
}

const NO_WORDS: readonly never[] = [];

function Way({ outgoing: { key, state, reason } }: { readonly outgoing: Outgoing }) {
  const done = progress.value[key];
  if (state === 'sending') {
    return (
      <div class="standing sending" data-status="sending">
        <progress aria-label="Being sent" max={1} {...(done !== undefined && { value: done })} />
      </div>
    );
  }
  if (state === 'draft') {
    return (
      <p class="standing draft" data-status="draft">
        <Icon name="clock" size={16} /> Kept here, waits for the network
      </p>
    );
  }
  return (
    <div class="standing failed" data-status="refused">
      <p>
        <Icon name="warning" size={18} />
        <span>Not sent: {reason}</span>
      </p>
      <button type="button" class="small" onClick={() => tryAgain(key).catch(complain)}>
        <Icon name="retry" size={16} /> Try again
      </button>
      <button type="button" class="small quiet" onClick={() => throwAway(key).catch(complain)}>
        <Icon name="trash" size={16} /> Discard
      </button>
    </div>
  );
}
