import { signal } from '@preact/signals';
import { BEAT_EVERY_MS } from '../../api/limits.js';
import type { LiveEventName, LiveEvents } from '../../api/live.js';
import { routes } from '../../api/routes.js';
import { ask } from './ask.js';

/** Whether news arrive. */
export const connected = signal(false);

export type Listeners = { readonly [Name in LiveEventName]?: (data: LiveEvents[Name]) => void };

const NAMES = ['hello', 'entry', 'presence', 'recording', 'membership', 'beat', 'reset'] as const;
/** Two beats that did not come, and a little more: the connection is dead, whatever the browser thinks of it. */
const SILENCE_MS = 2.2 * BEAT_EVERY_MS;
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
  let silence: ReturnType<typeof setTimeout> | undefined;
  let over = false;

  const heard = () => {
    clearTimeout(silence);
    silence = setTimeout(() => {
      connected.value = false;
      again();
    }, SILENCE_MS);
  };

  const open = () => {
    if (over) return;
    const opened = new EventSource(`${routes.events}?after=${encodeURIComponent(after)}`);
    source = opened;
    heard();
    for (const name of NAMES) {
      opened.addEventListener(name, event => {
        const { data, lastEventId } = event as MessageEvent<string>;
        heard();
        if (lastEventId) after = lastEventId;
        if (name === 'hello') {
          connected.value = true;
          waitMs = RETRY_MS.first;
        }
        tell(listeners, name, data);
      });
    }
    opened.onerror = () => {
      connected.value = false;
      if (opened.readyState === EventSource.CLOSED) again();
    };
  };
  const again = () => {
    clearTimeout(timer);
    clearTimeout(silence);
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
    clearTimeout(silence);
    globalThis.removeEventListener('online', now);
    source?.close();
    connected.value = false;
  };
}

function tell<Name extends LiveEventName>(listeners: Listeners, name: Name, data: string): void {
  listeners[name]?.(JSON.parse(data));
}
