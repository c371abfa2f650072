import { isDeepStrictEqual } from 'node:util';
import type { ProcessSpec } from '../process-spec.js';
import { type Keeper, keepRunning } from './keeper.js';
import type { ProcessState } from './state.js';

export interface Supervisor {
  /** Starts what is missing, restarts what has changed, stops what is no longer wanted. */
  reconcile(wanted: readonly ProcessSpec[]): Promise<void>;
  /** Stops everything: first what uses others, then those. */
  stop(): Promise<void>;
}

/**
 * Owns processes like a kubelet.
 *
 * @param mark environment of every process that is started, so that it is found even without a record
 * @param onChange called with all states at every change
 */
export function createSupervisor(
  mark: Readonly<Record<string, string>>,
  onChange: (processes: readonly ProcessState[]) => void,
): Supervisor {
  const keepers = new Map<string, Keeper>();
  const changed = () => onChange([...keepers.values()].map(({ state }) => state()));

  /** Those of the highest layer first, each layer at once. */
  async function stopThese(leaving: readonly Keeper[]): Promise<void> {
    for (const layer of [1, 0]) {
      await Promise.all(leaving.filter(({ spec }) => spec.layer === layer).map(({ stop }) => stop()));
    }
    for (const { spec } of leaving) keepers.delete(spec.name);
    changed();
  }

  return {
    reconcile: async wanted => {
      const stays = (spec: ProcessSpec) => wanted.some(other => isDeepStrictEqual(other, spec));
      await stopThese([...keepers.values()].filter(({ spec }) => !stays(spec)));
      for (const spec of wanted) {
        if (!keepers.has(spec.name)) keepers.set(spec.name, keepRunning(spec, mark, changed));
      }
      changed();
    },
    stop: () => stopThese([...keepers.values()]),
  };
}
