import type { Report } from '../../report.js';
import { readConfig } from '../load.js';
import type { ApplyResult } from './local.js';
import type { ApplyOptions } from './options.js';

/** Brings a platform to what its config says; running it again changes nothing. */
export async function apply(options: ApplyOptions, report: Report): Promise<ApplyResult> {
  const loaded = await readConfig(options.config, options.env);
  if (options.target === 'cluster') {
    const { applyCluster } = await import('./cluster.js');
    return applyCluster(loaded, options, report);
  }
  const { applyLocal } = await import('./local.js');
  const { folder, environment: env, signal, dryRun } = options;
  return applyLocal({ config: loaded.config, folder, env, signal, dryRun, report });
}
