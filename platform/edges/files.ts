import { access, mkdir, readFile, readlink, rm, stat, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { fileError } from '../errors.js';

/** Only the owner may read: every file and folder that the local target makes. */
const FILE_MODE = 0o600;
const FOLDER_MODE = 0o700;

/** Writes by rename, so that a reader sees the old bytes or the new ones and a crash leaves no half of them. */
export async function writePrivate(file: string, data: string | Uint8Array): Promise<void> {
  await told(file, () => writeFileAtomic(file, Buffer.from(data), { mode: FILE_MODE }));
}

/**
 * Writes what a user asked for, in its place: it may be a device or a pipe. A file that could not be filled is removed.
 *
 * @param mode of a file that was not there. @default - as the user's other files
 * @throws DiskFull, FileNotWritable
 */
export async function writeOut(file: string, data: string | Uint8Array, mode = 0o666): Promise<void> {
  const before = await isThere(file);
  await told(file, async () => {
    try {
      await writeFile(file, data, { mode });
    } catch (error) {
      if (!before) await rm(file, { force: true });
      throw error;
    }
  });
}

export async function makePrivateFolder(folder: string): Promise<void> {
  await told(folder, () => makeFolder(folder, FOLDER_MODE));
}

/**
 * A folder and those above it. `recursive` of `mkdir` never ends where a file system refuses what has a parent with
 * ENOENT, as /proc does (Node 20).
 */
export async function makeFolder(folder: string, mode = 0o777): Promise<void> {
  const parent = path.dirname(folder);
  if (!(await isThere(parent))) await makeFolder(parent, mode);
  await mkdir(folder, { mode }).catch(async (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST' || !(await stat(folder)).isDirectory()) throw error;
  });
}

export function isThere(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}

/** A link that leads there; another one of the same name is replaced. */
export async function makeLink(at: string, target: string): Promise<void> {
  if ((await readlink(at).catch(() => undefined)) === target) return;
  await told(at, async () => {
    await rm(at, { force: true });
    await symlink(target, at);
  });
}

/** The text of a file, or undefined when there is none. */
export async function readIfThere(file: string): Promise<string | undefined> {
  return readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw fileError(file, error);
  });
}

/** What goes wrong with a file is told as a user can mend it. @throws DiskFull, FileNotWritable */
export async function told<T>(file: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw fileError(file, error as NodeJS.ErrnoException);
  }
}
