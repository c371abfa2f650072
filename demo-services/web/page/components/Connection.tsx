import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { isOnline } from '../model/outbox.js';
import { connected } from '../net/live.js';
import { Icon } from './Icon.js';

/** Nobody is told of an interruption that is over before they could read it. */
const PATIENCE_MS = 2_500;

/** Says so when nothing new can arrive. */
export function Connection() {
  const late = useSignal(false);
  const lost = !isOnline.value || !connected.value;
  useEffect(() => {
    if (!lost) {
      late.value = false;
      return undefined;
    }
    const timer = setTimeout(() => {
      late.value = true;
    }, PATIENCE_MS);
    return () => clearTimeout(timer);
  }, [lost]);
  return (
    <div role="status" class="connection">
      {lost && (late.value || !isOnline.value) && (
        <p>
          <Icon name="clock" size={18} />
          {isOnline.value
            ? 'Connecting again… What you say is kept.'
            : 'You are offline. What you say is kept, and goes out when you are back.'}
        </p>
      )}
    </div>
  );
}
