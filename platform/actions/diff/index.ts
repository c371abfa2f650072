import { beforeChanges } from '../../errors.js';
import type { Report } from '../../report.js';
import { readConfig } from '../load.js';
import type { TargetOptions } from '../target.js';
import type { Difference } from './difference.js';

export { type Difference, differs } from './difference.js';

/** What applying would change, in every layer. Changes nothing. */
export async function differences(options: TargetOptions, report: Report): Promise<Difference[]> {
  const { config } = await readConfig(options.config, options.env);
  if (options.target === 'cluster') {
    const { clusterDifferences } = await import('./cluster.js');
    return beforeChanges(() => clusterDifferences(config, options, report));
  }
  const { localDifferences } = await import('./local.js');
  return localDifferences({ config, folder: options.folder, env: options.environment });
}
