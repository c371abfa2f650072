import { describe, expect, it } from 'vitest';
import type { Message } from '../port.js';
import { deadLetterOf, replayOf, toDeadLetter } from './dead-letter.js';

const message: Message = {
  id: '1:2:-1',
  topic: 'persistent://t/n/audio',
  data: Buffer.from('body'),
  key: 'thread',
  properties: { trace: 'abc' },
  publishTime: new Date(1),
  eventTime: new Date(2),
  redeliveryCount: 3,
};
const letter = {
  code: 'ObjectNotFound',
  reason: 'no object',
  topic: message.topic,
  subscription: 'transcriber',
  messageId: message.id,
  time: new Date(3),
  attempts: 4,
};

describe('a dead letter', () => {
  const { properties = {}, ...rest } = toDeadLetter(message, letter);

  it('is the message itself, and tells why and whence it came', () => {
    expect(rest).toEqual({ data: message.data, key: 'thread', eventTime: new Date(2) });
    expect(deadLetterOf({ properties })).toEqual(letter);
  });

  it('becomes the message again when it is replayed', () => {
    expect(replayOf({ ...message, properties })).toEqual({
      data: message.data,
      key: 'thread',
      eventTime: new Date(2),
      properties: { trace: 'abc' },
    });
  });

  it('is not seen in another message', () => {
    expect(deadLetterOf(message)).toBeUndefined();
  });

  it('keeps a long reason short', () => {
    const long = toDeadLetter(message, { ...letter, reason: 'x'.repeat(10_000) });
    expect(deadLetterOf({ properties: long.properties ?? {} })?.reason).toHaveLength(500);
  });
});
