import { runningSupervisor } from '../../local/index.js';
import type { Report } from '../../report.js';
import { countsOf, type Difference } from '../diff/difference.js';
import { type LocalDiffOptions, localDifferences } from '../diff/local.js';
import { localUp } from '../local/up.js';

export interface ApplyLocalOptions extends LocalDiffOptions {
  readonly report: Report;
  readonly signal: AbortSignal;
  /** Say what would be done, and do nothing. */
  readonly dryRun: boolean;
}

export interface ApplyResult {
  readonly target: 'local' | 'cluster';
  readonly dryRun: boolean;
  readonly differences: readonly Difference[];
  /** Differences that are left. */
  readonly left: readonly Difference[];
}

/**
 * Brings the platform of this machine to what the config says: certificates, processes, tenants. What has not changed
 * goes on running; killed at any point and run again it ends in the same place.
 */
export async function applyLocal(options: ApplyLocalOptions): Promise<ApplyResult> {
  const { report, dryRun, folder } = options;
  const differences = await localDifferences(options);
  const { create, change, delete: deletions } = countsOf(differences);
  report.action('plan', `${create} to create, ${change} to change, ${deletions} to delete`);
  if (dryRun) return { target: 'local', dryRun, differences, left: differences };
  const running = (await runningSupervisor(folder)) !== undefined;
  if (differences.length === 0 && running) {
    report.success('apply', 'nothing to do');
  }
  // Even without a difference: a process may have died, and a command that was killed may have left half of its work.
  await localUp(options);
  const left = await localDifferences(options);
  report.success('apply', `${create} created, ${change} changed, ${deletions} deleted`);
  return { target: 'local', dryRun, differences, left };
}
