import { audioMessage, type Decoded, decode, imageMessage, resultMessage } from '../contract/index.js';
import { deadLetterOf, type Message } from '../messaging/index.js';
import type { Part, Said } from './entry.js';

/** The topics of which threads are made. */
export const TOPICS = ['audio', 'images', 'results', 'audio-dead-letters', 'images-dead-letters'] as const;
export type Topic = (typeof TOPICS)[number];

/**
 * What a message of the log says about a thread; undefined when it can't be read. Nothing is lost by that: whoever
 * works on such a message says so in `results` or in the dead letters.
 */
export function partOf(topic: Topic, message: Message): Part | undefined {
  switch (topic) {
    case 'audio':
      return said(decode(audioMessage, message.data));
    case 'images':
      return said(decode(imageMessage, message.data));
    case 'results': {
      const decoded = decode(resultMessage, message.data);
      return decoded.ok ? { of: 'result', result: decoded.message } : undefined;
    }
    case 'audio-dead-letters':
      return dead('audio', decode(audioMessage, message.data), message);
    case 'images-dead-letters':
      return dead('image', decode(imageMessage, message.data), message);
  }
}

function said(decoded: Decoded<Said>): Part | undefined {
  return decoded.ok ? { of: 'message', message: decoded.message } : undefined;
}

function dead(kind: Said['kind'], decoded: Decoded<Said>, message: Message): Part | undefined {
  const envelope = decoded.ok ? decoded.message : decoded.envelope;
  const letter = deadLetterOf(message);
  if (envelope === undefined || letter === undefined) return undefined;
  const { id, thread, author, createdAt } = envelope;
  const { code, reason } = letter;
  return { of: 'dead', dead: { id, thread, author, createdAt, kind, code, reason } };
}
