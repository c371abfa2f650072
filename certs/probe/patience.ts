import { setTimeout as sleep } from 'node:timers/promises';
import { type ProbeOptions, TIMEOUT_MS } from './target.js';

const TRIES = 3;
const PAUSE_MS = 300;

/**
 * Makes a probe again that could not be made: a forwarded port may break before anything was asked, which says nothing of
 * who is asked. Who was waited for the whole time is not asked again.
 *
 * @param isShown whether the outcome says something of whoever was asked
 */
export async function untilShown<T>(
  probe: () => Promise<T>,
  isShown: (outcome: T) => boolean,
  { timeoutMs = TIMEOUT_MS, signal }: ProbeOptions = {},
): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    const began = performance.now();
    const outcome = await probe();
    const waited = performance.now() - began >= timeoutMs * 0.9;
    if (isShown(outcome) || tries === TRIES || waited) return outcome;
    await sleep(PAUSE_MS * tries, undefined, signal && { signal });
  }
}
