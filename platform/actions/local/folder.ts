import path from 'node:path';
import { openStateFolder, type StateFolder } from '../../local/index.js';

/** The state folder that was asked for, else the one beside the config. */
export function localFolder(cwd: string, config: string, state?: string): Promise<StateFolder> {
  return openStateFolder(path.resolve(cwd, state ?? path.join(path.dirname(config), '.platform', 'local')));
}
