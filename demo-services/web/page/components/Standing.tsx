import { useSignal } from '@preact/signals';
import type { Entry } from '../../api/entries.js';
import { statusOf } from '../../api/standing.js';
import { sendAgain } from '../model/failed.js';
import { Icon } from './Icon.js';

/** How far a message has come: stored, being worked on, failed. One that is done says it by itself. */
export function Standing({ entry, own }: { readonly entry: Entry; readonly own: boolean }) {
  const busy = useSignal(false);
  const status = statusOf(entry);
  const isPicture = entry.kind === 'image';
  if (status === 'done') return null;
  if (status !== 'failed') {
    const working = isPicture ? 'Preparing the picture…' : 'Transcribing…';
    return (
      <p class={`standing ${status}`} data-status={status}>
        {status === 'stored' ? <Icon name="clock" size={16} /> : <span class="dots" aria-hidden="true" />}
        {status === 'stored' ? 'Stored, on its way' : working}
      </p>
    );
  }
  const again = async () => {
    busy.value = true;
    await sendAgain(entry);
    busy.value = false;
  };
  return (
    <div class="standing failed" data-status="failed">
      <p>
        <Icon name="warning" size={18} />
        <span>
          {isPicture ? 'No picture could be made of it' : 'It could not be transcribed'}:{' '}
          {entry.failure?.reason}
        </span>
      </p>
      {own && entry.media && (
        <button type="button" class="small" disabled={busy.value} onClick={() => void again()}>
          <Icon name="retry" size={16} /> Try again
        </button>
      )}
    </div>
  );
}
