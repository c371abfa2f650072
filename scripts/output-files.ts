import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import path from 'node:path';
import { makeFolder, told } from '../platform/edges/files.js';
import { PlatformError } from '../platform/errors.js';

export interface OutputFiles {
  readonly json?: string;
  readonly html?: string;
  /** A folder. */
  readonly svg?: string;
}

/**
 * Makes the folders of what a run will write, and refuses what could not be written: before the run, whose minutes would
 * be lost.
 *
 * @throws FileNotWritable, DiskFull
 */
export async function makeRoom({ json, html, svg }: OutputFiles): Promise<void> {
  for (const file of [json, html].filter(given => given !== undefined)) {
    await makeWritable(path.dirname(path.resolve(file)));
    const there = await stat(file).catch(() => undefined);
    if (there?.isDirectory()) {
      throw new PlatformError('FileNotWritable', `${file} is a folder`, {
        where: path.resolve(file),
        ...{ saw: 'a folder', want: 'a file', fix: 'name a file', refused: true },
      });
    }
    if (there !== undefined) await told(file, () => access(file, constants.W_OK));
  }
  if (svg !== undefined) await makeWritable(path.resolve(svg));
}

async function makeWritable(folder: string): Promise<void> {
  await told(folder, async () => {
    await makeFolder(folder);
    await access(folder, constants.W_OK);
  });
}
