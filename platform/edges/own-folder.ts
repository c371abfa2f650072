import { access, mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { PlatformError } from '../errors.js';

const MARKER = '.platform';

/**
 * Empties what a command wrote into a folder the last time. A folder that it has never written to, and that has something
 * under one of these names already, is somebody else's.
 *
 * @param names files and folders in it, of which nothing may be left from last time
 * @throws OutputFolderForeign before anything is deleted
 */
export async function emptyOwn(out: string, names: readonly string[], command: string): Promise<void> {
  const isThere = (name: string) =>
    access(path.join(out, name)).then(
      () => true,
      () => false,
    );
  const present = await Promise.all(names.map(async name => ((await isThere(name)) ? [name] : [])));
  const found = present.flat();
  if (found.length > 0 && !(await isThere(MARKER))) {
    throw new PlatformError(
      'OutputFolderForeign',
      `${out} has ${found.join(', ')}, and not from this command`,
      {
        where: out,
        saw: found.join(', '),
        want: `an empty folder, or one that platform ${command} has written to`,
        refused: true,
      },
    );
  }
  await Promise.all(found.map(name => rm(path.join(out, name), { recursive: true, force: true })));
  await mkdir(out, { recursive: true });
  await writeFile(
    path.join(out, MARKER),
    `platform ${command} writes here, and deletes what it wrote before.\n`,
  );
}
