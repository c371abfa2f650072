import type { Entry } from '../../api/entries.js';
import { gistOf } from '../state/listing.js';
import { clock } from '../state/wording.js';
import { Avatar } from './Avatar.js';
import { Picture } from './Picture.js';
import { Standing } from './Standing.js';
import { Voice } from './Voice.js';

export interface MessageProps {
  readonly entry: Entry;
  readonly own: boolean;
  /** Whether it goes on from the message before. */
  readonly together: boolean;
  /** Whether the address names it. */
  readonly marked: boolean;
  readonly isLast: boolean;
}

/** One message. The newest one is reached by Tab, the others by J and K. */
export function Message({ entry, own, together, marked, isLast }: MessageProps) {
  const { id, author, createdAt, kind } = entry;
  const names = `message${own ? ' own' : ''}${together ? ' together' : ''}${marked ? ' marked' : ''}`;
  return (
    <li class={names}>
      {!own && (together ? <span class="avatar-space" /> : <Avatar name={author} />)}
      <article
        id={`m-${id}`}
        data-message={id}
        tabIndex={isLast || marked ? 0 : -1}
        aria-label={`${own ? 'You' : author}, ${clock(createdAt)}: ${gistOf(entry)}`}
      >
        <header class={together ? 'only-read' : undefined}>
          <strong>{own ? 'You' : author}</strong>
          <time dateTime={createdAt}>{clock(createdAt)}</time>
        </header>
        <div class={`bubble ${kind ?? 'audio'}`}>
          {kind === 'image' ? <Picture entry={entry} /> : <Voice entry={entry} />}
          <Standing entry={entry} own={own} />
        </div>
      </article>
    </li>
  );
}
