import { monotonicFactory } from 'ulid';
import { type AudioMessage, encode, type ImageMessage, type Result } from '../../contract/index.js';
import type { Message } from '../../messaging/index.js';
import type { Topic } from '../parts.js';

const ulid = monotonicFactory();
const TIME = '2026-01-02T03:04:05.678Z';

export const said = (changes: Partial<AudioMessage> = {}): AudioMessage => ({
  v: 1,
  kind: 'audio',
  id: ulid(),
  thread: 'friends',
  author: 'ada',
  createdAt: TIME,
  object: { key: 'friends/1', contentType: 'audio/webm', size: 10, sha256: 'ab'.repeat(32) },
  ...changes,
});

export const shown = (changes: Partial<ImageMessage> = {}): ImageMessage => ({
  ...said(),
  kind: 'image',
  ...changes,
});

export const transcriptOf = ({ id, thread, author, createdAt }: AudioMessage, text: string): Result => ({
  v: 1,
  kind: 'transcript',
  id,
  thread,
  author,
  createdAt,
  startedAt: TIME,
  finishedAt: TIME,
  text,
  language: 'en',
  duration: 1,
  segments: [{ start: 0, end: 1, text }],
});

export const failureOf = (
  { id, thread, author, createdAt }: AudioMessage | ImageMessage,
  code = 'AudioUnreadable',
): Result => ({
  v: 1,
  kind: 'failed',
  id,
  thread,
  author,
  createdAt,
  startedAt: TIME,
  finishedAt: TIME,
  code,
  reason: 'broken',
});

/** A log in memory: messages as the broker would hand them out. */
export function newLog() {
  const messages = new Map<Topic, Message[]>();
  return {
    add: (topic: Topic, body: AudioMessage | ImageMessage | Result | Buffer, properties = {}): Message => {
      const all = messages.get(topic) ?? [];
      messages.set(topic, all);
      const message: Message = {
        id: `7:${all.length}:-1`,
        topic,
        data: Buffer.isBuffer(body) ? body : encode(body),
        properties,
        publishTime: new Date(TIME),
        redeliveryCount: 0,
      };
      all.push(message);
      return message;
    },
    of: (topic: Topic): readonly Message[] => messages.get(topic) ?? [],
    forget: (topic: Topic, count: number) => messages.get(topic)?.splice(0, count),
  };
}

export const deadLetter = (code: string) => ({
  DEAD_LETTER_CODE: code,
  DEAD_LETTER_REASON: 'again and again',
});
