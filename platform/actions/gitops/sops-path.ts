import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Config } from '../../config/index.js';
import { type Finding, finding } from '../../errors.js';

/**
 * Whether Flux finds the encrypted files: it looks from the root of the repository, and they are beside the config. Of a
 * config that is in no checkout nobody knows.
 */
export function sopsPathFindings({ secrets, gitops }: Config, file: string): Finding[] {
  if (secrets.kind !== 'sops' || gitops.kind !== 'flux') return [];
  const beside = path.dirname(path.resolve(file));
  const root = checkoutOf(beside);
  if (root === undefined) return [];
  const normal = (folder: string) => path.posix.normalize(folder).replace(/\/$/, '');
  const seen = normal(path.relative(root, path.join(beside, secrets.folder)).split(path.sep).join('/'));
  const told = secrets.path ?? secrets.folder;
  if (normal(told) === seen) return [];
  return [
    finding('SopsPathElsewhere', 'Flux looks for the encrypted files elsewhere in the repository', {
      severity: 'warning',
      where: { file, path: secrets.path === undefined ? 'secrets.folder' : 'secrets.path' },
      saw: told,
      want: `path: ${seen}`,
    }),
  ];
}

function checkoutOf(folder: string): string | undefined {
  if (existsSync(path.join(folder, '.git'))) return folder;
  const above = path.dirname(folder);
  return above === folder ? undefined : checkoutOf(above);
}
