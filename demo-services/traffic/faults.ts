import { setTimeout as sleep } from 'node:timers/promises';
import type { Fault } from './events.js';

/** Kills a part of the platform, and resolves once it answers again. */
export type Kill = (part: string) => Promise<void>;

const POLL_MS = 25;

/**
 * Kills one part after the other, spread evenly over the run: the first of two once a third of the messages is
 * settled.
 *
 * @param settled part of the messages that are settled, 0 to 1
 */
export async function killInTurn(
  parts: readonly string[],
  kill: Kill,
  settled: () => number,
  onFault: (event: Fault) => void,
  signal: AbortSignal,
): Promise<void> {
  for (const [index, part] of parts.entries()) {
    while (settled() < (index + 1) / (parts.length + 1)) await sleep(POLL_MS, undefined, { signal });
    const at = Date.now();
    await kill(part);
    onFault({ event: 'fault', part, at, backAt: Date.now() });
  }
}
