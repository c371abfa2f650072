import { crc32, deflateSync } from 'node:zlib';
import { SPEECH_RATE, wavFile } from '../audio/index.js';
import type { Code } from '../errors.js';

/** What can be wrong with a message, each in a way of its own. */
export const CORRUPTIONS = [
  /** Its object has no bytes. */
  'empty',
  /** Its object was cut off. */
  'truncated',
  /** Its object is a picture where sound should be, or the other way round. */
  'wrongType',
  /** Its object is small, and would be huge when it is decoded. */
  'bomb',
  /** There is no object. */
  'missing',
  /** The object is another one than the message says. */
  'wrongSha256',
  /** The message says that its object has 100 MB. */
  'oversize',
  /** The message itself is cut off. */
  'malformed',
] as const;

export type Corruption = (typeof CORRUPTIONS)[number];
export type Kind = 'audio' | 'image';

/** Under which code a corrupted message must end. */
export function expectedCode(kind: Kind, corruption: Corruption): Code {
  return EXPECTED[corruption][kind];
}

const EXPECTED: Readonly<Record<Corruption, Readonly<Record<Kind, Code>>>> = {
  empty: { audio: 'AudioUnreadable', image: 'ImageUnreadable' },
  truncated: { audio: 'AudioUnreadable', image: 'ImageUnreadable' },
  wrongType: { audio: 'AudioUnsupported', image: 'ImageUnsupported' },
  bomb: { audio: 'AudioTooLong', image: 'ImageTooLarge' },
  missing: { audio: 'ObjectNotFound', image: 'ObjectNotFound' },
  wrongSha256: { audio: 'ObjectCorrupt', image: 'ObjectCorrupt' },
  oversize: { audio: 'ObjectTooLarge', image: 'ObjectTooLarge' },
  malformed: { audio: 'MessageInvalid', image: 'MessageInvalid' },
};

/** How a corrupted message differs from the good one that it would have been. */
export interface Corrupted {
  /** Bytes of the object; null: there is none. */
  readonly bytes: Buffer | null;
  /** What the message says about it that is not so. */
  readonly claims?: { readonly size?: number; readonly sha256?: string };
  /** How much of the message is sent. @default 1 */
  readonly sentPart?: number;
}

const OVERSIZE_BYTES = 100_000_000;
/** Header of the file without its first sample. */
const AUDIO_CUT_BYTES = 40;

/** @param other bytes of the other kind: a picture for sound */
export function corrupted(kind: Kind, corruption: Corruption, good: Buffer, other: Buffer): Corrupted {
  switch (corruption) {
    case 'empty':
      return { bytes: Buffer.alloc(0) };
    case 'truncated':
      return { bytes: good.subarray(0, kind === 'audio' ? AUDIO_CUT_BYTES : Math.floor(good.length / 3)) };
    case 'wrongType':
      return { bytes: other };
    case 'bomb':
      return { bytes: kind === 'audio' ? audioBomb() : imageBomb() };
    case 'missing':
      return { bytes: null };
    case 'wrongSha256':
      return { bytes: good, claims: { sha256: '0'.repeat(64) } };
    case 'oversize':
      return { bytes: good, claims: { size: OVERSIZE_BYTES } };
    case 'malformed':
      return { bytes: good, sentPart: 0.5 };
  }
}

/** Longer than the longest recording that the transcriber may be told to take; the bytes are those of a slow tape. */
const BOMB_SECONDS = 800;
const BOMB_RATE = SPEECH_RATE / 4;

function audioBomb(): Buffer {
  return wavFile(new Int16Array(BOMB_SECONDS * BOMB_RATE), BOMB_RATE);
}

const BOMB_PIXELS = 30_000;

/** A PNG of 110 KB with 900 million pixels, more than the images service may be told to take. */
function imageBomb(): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(BOMB_PIXELS, 0);
  header.writeUInt32BE(BOMB_PIXELS, 4);
  header[8] = 1; // one bit a pixel, in grey
  const rows = deflateSync(Buffer.alloc(BOMB_PIXELS * (1 + BOMB_PIXELS / 8)));
  const signature = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');
  return Buffer.concat([
    signature,
    pngChunk('IHDR', header),
    pngChunk('IDAT', rows),
    pngChunk('IEND', Buffer.alloc(0)),
  ]);
}

function pngChunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const [length, checksum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  checksum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, checksum]);
}
