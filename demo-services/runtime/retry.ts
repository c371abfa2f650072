import pRetry from 'p-retry';
import { waits } from '../errors.js';

/** Between attempts while something that is needed is away. */
const PACE = { minTimeout: 250, maxTimeout: 5_000, factor: 2, randomize: true };

/** Tries until it works, until it fails for a reason that waiting cannot mend, or until nobody wants it any more. */
export function untilItWorks<T>(
  work: () => Promise<T>,
  signal: AbortSignal,
  onFailed: (error: unknown) => void,
): Promise<T> {
  return pRetry(work, {
    ...PACE,
    retries: Number.POSITIVE_INFINITY,
    signal,
    shouldRetry: ({ error }) => waits(error),
    onFailedAttempt: ({ error }) => onFailed(error),
  });
}
