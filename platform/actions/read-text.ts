import { PlatformError } from '../errors.js';
import { readBytes } from './read-bytes.js';

/** Byte order marks; the longer ones first, since UTF-16's begins UTF-32's. */
const MARKS: readonly (readonly [encoding: string, mark: readonly number[]])[] = [
  ['UTF-32LE', [0xff, 0xfe, 0, 0]],
  ['UTF-32BE', [0, 0, 0xfe, 0xff]],
  ['UTF-16LE', [0xff, 0xfe]],
  ['UTF-16BE', [0xfe, 0xff]],
];

/** A text file that a person wrote. Of one that is not there, what the file system says is passed on. @throws FileUnreadable, NotUtf8 */
export async function readText(file: string): Promise<string> {
  return decode(await readBytes(file), file);
}

/** The same, for a file that is no config. @throws ValuesUnreadable, FileUnreadable, NotUtf8 */
export async function readGiven(file: string): Promise<string> {
  try {
    return await readText(file);
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
    const saw = REASONS[code];
    if (saw === undefined) throw cause;
    throw new PlatformError('ValuesUnreadable', `${file} cannot be read`, {
      ...{ where: file, saw, refused: true, cause },
    });
  }
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'no such file',
  ENOTDIR: 'a part of the path is a file',
  EISDIR: 'a folder',
  EACCES: 'no right to read it',
};

function decode(bytes: Uint8Array, file: string): string {
  const encoding = MARKS.find(([, mark]) => mark.every((byte, at) => bytes[at] === byte))?.[0];
  if (encoding !== undefined)
    throw notUtf8(file, `${encoding}, by its byte order mark`, encoding.slice(0, 6));
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw notUtf8(file, 'bytes that are no UTF-8', 'WINDOWS-1252');
  }
}

function notUtf8(file: string, saw: string, from: string): PlatformError {
  return new PlatformError('NotUtf8', `${file} is not saved as UTF-8`, {
    where: file,
    saw,
    want: 'UTF-8',
    fix: `save it as UTF-8, such as by: iconv -f ${from} -t UTF-8 ${file} > utf8.yaml`,
    refused: true,
  });
}
