import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { isAway } from '../net/session.js';
import { countKept } from '../net/shelf.js';
import { Icon } from './Icon.js';

/** Until it is known who it is; says so when nobody can be asked, and what becomes of what is kept here. */
export function Waiting() {
  const count = useSignal(0);
  useEffect(() => {
    countKept().then(
      found => {
        count.value = found;
      },
      () => undefined,
    );
  }, []);
  return (
    <main class="door">
      {isAway.value ? (
        <div class="card" role="status">
          <span class="mark" aria-hidden="true">
            <Icon name="clock" size={28} />
          </span>
          <h1>No connection</h1>
          <p class="muted">The voice chat opens as soon as it can be reached.</p>
          {count.value > 0 && <p>{keptHere(count.value)}</p>}
        </div>
      ) : (
        <p class="muted" role="status">
          One moment…
        </p>
      )}
    </main>
  );
}

function keptHere(count: number): string {
  return count === 1
    ? 'A message is kept in this browser. If it was sent off, it goes out by itself then.'
    : `${count} messages are kept in this browser. Those that were sent off go out by themselves then.`;
}
