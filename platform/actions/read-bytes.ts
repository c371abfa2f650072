import { constants, type Stats } from 'node:fs';
import { type FileHandle, open, stat } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { isatty } from 'node:tty';
import { PlatformError } from '../errors.js';

/** How long a pipe is waited for whom shall write to it. */
const WRITER_MS = 5_000;
const POLL_MS = 20;
const PART_BYTES = 65_536;

/** Of these whoever reads knows what they mean for the file that he wants. */
const OF_THE_NAME = new Set([
  ...['ENOENT', 'ENOTDIR', 'EISDIR', 'ELOOP', 'ENAMETOOLONG'],
  ...['EACCES', 'EPERM'],
]);

/**
 * What a file holds, or a pipe that somebody writes to: process substitution, /dev/stdin, a FIFO. What has no end, or may
 * never begin, is refused. Of a name that leads nowhere, what the file system says is passed on.
 *
 * @throws FileUnreadable
 */
export async function readBytes(file: string): Promise<Uint8Array> {
  try {
    // Without this flag, opening a FIFO waits for a writer for ever, and nothing can interrupt it.
    const handle = await open(file, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      return await readOpen(handle, file);
    } finally {
      await handle.close();
    }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (error instanceof PlatformError || code === undefined || OF_THE_NAME.has(code)) throw error;
    // A socket can't be opened by its name.
    throw unreadable(file, code === 'ENXIO' ? kindOf(await stat(file)) : code, error);
  }
}

async function readOpen(handle: FileHandle, file: string): Promise<Uint8Array> {
  const found = await handle.stat();
  // That a folder is no file is said by reading it.
  if (found.isFile() || found.isDirectory()) return handle.readFile();
  if (found.isFIFO()) return readStream(handle, file, isInherited(file));
  if (found.isCharacterDevice() && isatty(handle.fd)) return readStream(handle, file, true);
  throw unreadable(file, kindOf(found));
}

/**
 * All that comes until the last writer is done.
 *
 * @param hasWriter - whether somebody writes, or has; otherwise one is waited for
 */
async function readStream(handle: FileHandle, file: string, hasWriter: boolean): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  const until = Date.now() + WRITER_MS;
  let isBegun = hasWriter;
  for (;;) {
    const part = await readPart(handle);
    const isEnd = part?.length === 0;
    if (isEnd && isBegun) return Buffer.concat(parts);
    if (isEnd && Date.now() > until) throw unreadable(file, 'a pipe that nobody writes to');
    isBegun ||= !isEnd;
    if (part?.length) parts.push(part);
    else await pause(POLL_MS);
  }
}

/** What has come: nothing when nobody has it open for writing, undefined when somebody has, and is not done. */
async function readPart(handle: FileHandle): Promise<Uint8Array | undefined> {
  try {
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(PART_BYTES));
    return buffer.subarray(0, bytesRead);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EAGAIN') return undefined;
    throw error;
  }
}

/** A pipe that this process was begun with has had its writer, who may be done by now. */
function isInherited(file: string): boolean {
  return /^\/(dev\/(stdin|fd\/\d+)|proc\/(self|\d+)\/fd\/\d+)$/.test(path.resolve(file));
}

function kindOf(found: Stats): string {
  if (found.isSocket()) return 'a socket';
  if (found.isFIFO()) return 'a pipe';
  return found.isFile() ? 'a file' : 'a device';
}

function unreadable(file: string, saw: string, cause?: unknown): PlatformError {
  return new PlatformError('FileUnreadable', `${file} cannot be read`, {
    ...{ where: path.resolve(file), saw, want: 'a regular file', refused: true },
    ...(cause !== undefined && { cause }),
  });
}
