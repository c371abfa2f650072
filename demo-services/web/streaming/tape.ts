import { ServiceError } from '../../errors.js';

/** What was recorded so far: begun once, ended once, and nothing is taken before or after. */
export interface Tape {
  readonly begin: (contentType: string) => void;
  readonly take: (chunk: Buffer) => void;
  /** @returns the type that it was begun with */
  readonly end: () => string;
  readonly hasEnded: () => boolean;
  readonly bytes: () => number;
  readonly whole: () => Buffer;
}

/** Memory that tapes share. */
export interface Room {
  /** False where there is no more. */
  readonly take: (bytes: number) => boolean;
  readonly give: (bytes: number) => void;
}

export function roomOf(maxBytes: number): Room {
  let held = 0;
  return {
    take: bytes => {
      if (held + bytes > maxBytes) return false;
      held += bytes;
      return true;
    },
    give: bytes => {
      held -= bytes;
    },
  };
}

/**
 * @param maxBytes more is AudioTooLong; what comes out of turn is RequestInvalid
 * @param room where that ends it is TooManyRequests
 */
export function tapeOf(maxBytes: number, room: Room): Tape {
  const chunks: Buffer[] = [];
  let bytes = 0;
  let contentType: string | undefined;
  let ended = false;
  return {
    begin: type => {
      if (contentType !== undefined) throw invalid('begin comes once');
      contentType = type;
    },
    take: chunk => {
      if (contentType === undefined || ended) throw invalid('a chunk comes after begin, and before end');
      if (bytes + chunk.byteLength > maxBytes)
        throw new ServiceError('AudioTooLong', 'the recording is too large');
      if (!room.take(chunk.byteLength))
        throw new ServiceError('TooManyRequests', 'too much is said at once', { retryAfterMs: 10_000 });
      bytes += chunk.byteLength;
      chunks.push(chunk);
    },
    end: () => {
      if (contentType === undefined || ended) throw invalid('end comes once, after begin');
      if (bytes === 0) throw invalid('nothing was recorded');
      ended = true;
      return contentType;
    },
    hasEnded: () => ended,
    bytes: () => bytes,
    whole: () => Buffer.concat(chunks),
  };
}

export function invalid(message: string): ServiceError {
  return new ServiceError('RequestInvalid', message);
}
