/** A process that ran this long was well: its next end starts the back-off from the beginning. */
const WELL_AFTER_MS = 30_000;
const FIRST_MS = 250;
const LONGEST_MS = 10_000;

/**
 * How long to wait before a process that ended is started again. At once after a long run, as a kubelet does; then
 * doubling.
 *
 * @param failures ends in a row, each after a short run
 */
export function restartDelayMs(failures: number): number {
  return failures === 0 ? 0 : Math.min(FIRST_MS * 2 ** (failures - 1), LONGEST_MS);
}

/** Ends in a row, given those before and how long the process ran this time. */
export function failuresAfter(before: number, ranMs: number): number {
  return ranMs >= WELL_AFTER_MS ? 0 : before + 1;
}
