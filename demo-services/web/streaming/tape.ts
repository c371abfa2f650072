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

/** @param maxBytes more is AudioTooLong; what comes out of turn is RequestInvalid */
export function tapeOf(maxBytes: number): Tape {
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
      bytes += chunk.byteLength;
      if (bytes > maxBytes) throw new ServiceError('AudioTooLong', 'the recording is too large');
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
