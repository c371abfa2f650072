import { unsent } from '../model/kept.js';
import { complain } from '../model/notices.js';
import { sendOff, throwAway } from '../model/outbox.js';
import { recording } from '../model/recorder.js';
import { IconButton } from './IconButton.js';
import { Contents } from './OutgoingMessage.js';

/** What was recorded or attached and waits for its author: it outlives the page. */
export function Tray({ thread }: { readonly thread: string }) {
  const items = unsent.value.filter(item => item.thread === thread && item.key !== recording.value?.key);
  if (items.length === 0) return null;
  return (
    <ul class="tray" aria-label="Not sent yet">
      {items.map(item => (
        <li key={item.key} class={item.kind}>
          <Contents item={item} />
          <span class="actions">
            <IconButton icon="trash" label="Discard" onClick={() => throwAway(item.key).catch(complain)} />
            <IconButton icon="send" class="send" label="Send" onClick={() => sendOff(item).catch(complain)} />
          </span>
        </li>
      ))}
    </ul>
  );
}
