import { readConfig } from '../load.js';
import type { TargetOptions } from '../target.js';
import type { Difference } from './difference.js';

export type { Difference } from './difference.js';

/** What applying would change, in every layer. Changes nothing. */
export async function differences(options: TargetOptions): Promise<Difference[]> {
  const { config } = await readConfig(options.config, options.env);
  const { localDifferences } = await import('./local.js');
  return localDifferences({ config, folder: options.folder, env: options.environment });
}
