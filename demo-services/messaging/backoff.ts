export interface BackoffRange {
  readonly minMs: number;
  readonly maxMs: number;
}

/** The delay before retry `attempt` (from 0): doubled each time, then shortened by up to half so that many don't come at once. */
export function backoffMs(range: BackoffRange, attempt: number, random: () => number = Math.random): number {
  const full = Math.min(range.maxMs, range.minMs * 2 ** Math.min(attempt, 30));
  return Math.round(full * (1 - random() / 2));
}
