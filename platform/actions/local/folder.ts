import path from 'node:path';
import { openStateFolder, refuseForeignFolder, type StateFolder } from '../../local/index.js';

/**
 * The state folder that was asked for, else the one beside the config.
 *
 * @throws StateFolderForeign where the one that was asked for holds something else
 */
export async function localFolder(cwd: string, config: string, state?: string): Promise<StateFolder> {
  const beside = path.join(path.dirname(config), '.platform', 'local');
  const folder = await openStateFolder(path.resolve(cwd, state ?? beside));
  if (state !== undefined) await refuseForeignFolder(folder);
  return folder;
}
