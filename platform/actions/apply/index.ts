import type { Report } from '../../report.js';
import { readConfig } from '../load.js';
import type { TargetOptions } from '../target.js';
import type { ApplyResult } from './local.js';

export interface ApplyOptions extends TargetOptions {
  /** Say what would be done, and do nothing. */
  readonly dryRun: boolean;
  /** Take fields back that somebody else has changed. */
  readonly force: boolean;
  /** How long what was applied together may take until it is healthy. @default - 15 minutes */
  readonly timeoutMs?: number;
}

/** Brings a platform to what its config says; running it again changes nothing. */
export async function apply(options: ApplyOptions, report: Report): Promise<ApplyResult> {
  const { config } = await readConfig(options.config, options.env);
  if (options.target === 'cluster') {
    const { applyCluster } = await import('./cluster.js');
    return applyCluster(config, options, report);
  }
  const { applyLocal } = await import('./local.js');
  const { folder, environment: env, signal, dryRun } = options;
  return applyLocal({ config, folder, env, signal, dryRun, report });
}
