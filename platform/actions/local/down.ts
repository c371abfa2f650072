import { existsSync } from 'node:fs';
import { removeStateFolder, stopEverything } from '../../local/index.js';
import { exclusively, type LocalOptions } from './exclusively.js';

/** Stops all processes of the local platform and nothing else; its data stays. */
export async function localDown(options: LocalOptions): Promise<number> {
  const { folder, report } = options;
  if (!existsSync(folder.root)) return 0;
  return exclusively(options, async () => {
    report.action('local', 'stopping');
    const stopped = await stopEverything(folder);
    report.success('local', stopped === 0 ? 'nothing was running' : `stopped ${stopped} processes`);
    return stopped;
  });
}

/** Stops everything and removes the state folder with all data, keys and logs. */
export async function localReset(options: LocalOptions): Promise<void> {
  const { folder, report } = options;
  if (!existsSync(folder.root)) return;
  await localDown(options);
  if (await removeStateFolder(folder)) report.success('local', `removed ${folder.root}`);
}
