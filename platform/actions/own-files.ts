import path from 'node:path';
import { packageRoot } from '../local/compiled.js';

/** What the kit is made of; anything else in its checkout, such as the state of a platform, is the user's. */
const OWN = ['certs', 'charts', 'demo-services', 'dist', 'docs', 'node_modules', 'platform', 'scripts'];

/** Whether a file is one of the kit itself: no user can mend what is wrong with it by naming another place. */
export function isOwnFile(file: string): boolean {
  if (!path.isAbsolute(file)) return false;
  const [first = ''] = path.relative(packageRoot(), file).split(path.sep);
  return OWN.includes(first);
}
