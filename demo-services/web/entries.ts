import { envelopeOf, type Entry as Known, type Part } from '../thread/entry.js';
import type { Entry } from './api/index.js';

/** What people are told of a message: never where its object lies. */
export function entryOf(known: Known): Entry {
  const { id, thread, author, createdAt, message, result, dead } = known;
  const kind = message?.kind ?? dead?.kind;
  const failure = result?.kind === 'failed' ? result : result === undefined ? dead : undefined;
  return {
    ...{ id, thread, author, createdAt },
    ...(kind && { kind }),
    ...(message && { media: { contentType: message.object.contentType, size: message.object.size } }),
    ...(message?.replaces && { replaces: message.replaces }),
    ...(result?.kind === 'transcript' && {
      kind: 'audio' as const,
      transcript: {
        text: result.text,
        language: result.language,
        duration: result.duration,
        segments: result.segments,
        ...(result.waveform && { waveform: result.waveform }),
      },
    }),
    ...(result?.kind === 'picture' && {
      kind: 'image' as const,
      picture: {
        width: result.width,
        height: result.height,
        renditions: result.renditions.map(({ width, height }) => ({ width, height })),
        preview: result.preview,
      },
    }),
    ...(failure && { failure: { code: failure.code, reason: failure.reason } }),
  };
}

/** The entry as far as one message of the log tells it. */
export function entryOfPart(part: Part): Entry {
  const envelope = envelopeOf(part);
  switch (part.of) {
    case 'message':
      return entryOf({ ...envelope, message: part.message });
    case 'result':
      return entryOf({ ...envelope, result: part.result });
    case 'dead':
      return entryOf({ ...envelope, dead: part.dead });
  }
}
