import { readdir } from 'node:fs/promises';
import path from 'node:path';
import type { Report } from '../report.js';
import { wholeRecord } from './record.js';
import type { StateFolder } from './state-folder.js';
import { readKeyRing, tokenPublicKeyFile } from './tokens.js';

/**
 * Warns of what was kept in the folder, is missing or damaged now, and will be made anew: what users hold of it ends, and
 * nothing else would say why. To be called before it is made anew.
 *
 * @throws KeyRingSpoilt
 */
export async function warnOfDamage(folder: StateFolder, report: Report): Promise<void> {
  // An up that was interrupted before its tokens has handed none out.
  const kept = [folder.tokenKeys, path.dirname(folder.token('any'))];
  const wasUp = (await Promise.all(kept.map(holdsSomething))).includes(true);
  if (!wasUp) return;
  if ((await readKeyRing(folder)) === undefined)
    report.warning(
      'tokens',
      `the keys in ${path.dirname(tokenPublicKeyFile(folder))} are gone, a new one is made: ` +
        'every token handed out before is refused from now on, hand out new ones (platform tokens issue ROLE)',
    );
  if ((await wholeRecord(folder)) === undefined)
    report.warning(
      'ports',
      `${folder.record} is gone or damaged, ports are chosen anew: ` +
        'clients may have to change theirs (platform local status shows the new ones)',
    );
}

function holdsSomething(at: string): Promise<boolean> {
  return readdir(at).then(
    names => names.length > 0,
    () => false,
  );
}
