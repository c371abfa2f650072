import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { PlatformError } from '../errors.js';

/** The checkout: the nearest folder above that holds package.json, be it seen from dist/ or from the sources. */
export function packageRoot(): string {
  let folder = path.dirname(fileURLToPath(import.meta.url));
  while (!existsSync(path.join(folder, 'package.json'))) folder = path.dirname(folder);
  return folder;
}

/** A compiled program of this checkout, for a process of its own, or a folder of them. @throws NotBuilt */
export function compiled(program: string): string {
  const file = path.join(packageRoot(), 'dist', program);
  if (existsSync(file)) return file;
  throw new PlatformError('NotBuilt', `${program} is not compiled yet`, { where: file, refused: true });
}
