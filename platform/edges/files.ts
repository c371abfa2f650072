import { mkdir, readFile, readlink, rm, symlink } from 'node:fs/promises';
import writeFileAtomic from 'write-file-atomic';
import { PlatformError } from '../errors.js';

/** Only the owner may read: every file and folder that the local target makes. */
const FILE_MODE = 0o600;
const FOLDER_MODE = 0o700;

/** Writes by rename, so that a reader sees the old bytes or the new ones and a crash leaves no half of them. */
export async function writePrivate(file: string, data: string | Uint8Array): Promise<void> {
  await told(file, () => writeFileAtomic(file, Buffer.from(data), { mode: FILE_MODE }));
}

export async function makePrivateFolder(folder: string): Promise<void> {
  await told(folder, () => mkdir(folder, { recursive: true, mode: FOLDER_MODE }));
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

/** What a user can do about a failed file operation; anything unknown is passed on. */
export function fileError(file: string, cause: NodeJS.ErrnoException): Error {
  switch (cause.code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return new PlatformError('DiskFull', `no space left to write ${file}`, { where: file, cause });
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
    case 'ENOTDIR':
    // A folder is made where a file is, or below one that takes none.
    case 'EEXIST':
    case 'ENOENT':
      return new PlatformError('FileNotWritable', `${file} can't be read or written`, {
        where: file,
        saw: cause.code,
        cause,
      });
    default:
      return cause;
  }
}
