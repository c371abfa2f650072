import { withLock } from '../../edges/lock.js';
import type { StateFolder } from '../../local/index.js';
import type { Report } from '../../report.js';

/** A start takes its time. */
const LOCK_TIMEOUT_MS = 180_000;

export interface LocalOptions {
  readonly folder: StateFolder;
  readonly report: Report;
  readonly signal: AbortSignal;
}

/** Does the work while no other command works on the same local platform. */
export function exclusively<T>({ folder, report, signal }: LocalOptions, work: () => Promise<T>): Promise<T> {
  return withLock(
    folder.lock,
    {
      signal,
      timeoutMs: LOCK_TIMEOUT_MS,
      onWait: ({ pid }) => report.waiting('local', `for another command (pid ${pid})`),
    },
    work,
  );
}
