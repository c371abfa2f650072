import { signal } from '@preact/signals';
import type { LiveEventName, LiveEvents } from '../../api/live.js';
import { routes } from '../../api/routes.js';
import { ask } from './ask.js';

/** Whether news arrive. */
export const connected = signal(false);

export type Listeners = { readonly [Name in LiveEventName]: (data: LiveEvents[Name]) => void };

const NAMES: readonly LiveEventName[] = ['hello', 'entry', 'presence', 'recording', 'membership', 'reset'];
const RETRY_MS = { first: 1_000, most: 20_000 };

/**
 * The live events, from a position of the log on. The browser resumes a lost connection by itself; what it gives up on
 * (a status other than 200) is opened again from the last event.
 *
 * @returns how to end it
 */
export function follow(position: string, listeners: Listeners): () => void {
  let after = position;
  let source: EventSource | undefined;
  let waitMs = RETRY_MS.first;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let over = false;

  const open = () => {
    if (over) return;
    const opened = new EventSource(`${routes.events}?after=${encodeURIComponent(after)}`);
    source = opened;
    for (const name of NAMES) {
      opened.addEventListener(name, event => {
        const { data, lastEventId } = event as MessageEvent<string>;
        if (lastEventId) after = lastEventId;
        if (name === 'hello') {
          connected.value = true;
          waitMs = RETRY_MS.first;
        }
        listeners[name](JSON.parse(data));
      });
    }
    opened.onerror = () => {
      connected.value = false;
      if (opened.readyState === EventSource.CLOSED) again();
    };
  };
  const again = () => {
    clearTimeout(timer);
    source?.close();
    timer = setTimeout(() => {
      // Renews the session when that was the reason; whoever is signed out stays so.
      ask(routes.session).then(open, () => !over && again());
    }, waitMs);
    waitMs = Math.min(waitMs * 2, RETRY_MS.most);
  };
  const now = () => {
    if (connected.value) return;
    waitMs = RETRY_MS.first;
    again();
  };
  globalThis.addEventListener('online', now);
  open();
  return () => {
    over = true;
    clearTimeout(timer);
    globalThis.removeEventListener('online', now);
    source?.close();
    connected.value = false;
  };
}
