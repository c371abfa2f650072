import type { StateFolder } from '../state-folder.js';

/** The environment variable by which every process of a local platform, the supervisor included, is known. */
export const MARK = 'PULSAR_PLATFORM_STATE';

export function markOf(folder: StateFolder): Record<string, string> {
  return { [MARK]: folder.root };
}
