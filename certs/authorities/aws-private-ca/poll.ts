import { setTimeout as sleep } from 'node:timers/promises';
import { PlatformError } from '../../../platform/errors.js';

export interface Patience {
  /** Between the first two questions; it grows by half each time. @default 500 */
  readonly firstDelayMs?: number;
  /** The longest time between two questions. @default 5000 */
  readonly maxDelayMs?: number;
  /** @default 120000 */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

/**
 * Asks until there is an answer, more and more seldom.
 *
 * @param ask gives undefined while there is none
 * @throws PlatformError Timeout
 */
export async function poll<T>(
  what: string,
  ask: () => Promise<T | undefined>,
  patience: Patience = {},
): Promise<T> {
  const { firstDelayMs = 500, maxDelayMs = 5_000, timeoutMs = 120_000, signal } = patience;
  const end = Date.now() + timeoutMs;
  for (let delayMs = firstDelayMs; ; delayMs = Math.min(delayMs * 1.5, maxDelayMs)) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (Date.now() + delayMs > end) {
      throw new PlatformError('Timeout', `${what} was not there after ${Math.round(timeoutMs / 1000)} s`, {
        fix: 'run the same command again; what was begun is found and not made twice',
      });
    }
    await sleep(delayMs, undefined, { ...(signal && { signal }) });
  }
}
