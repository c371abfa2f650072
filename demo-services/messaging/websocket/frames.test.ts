import { describe, expect, it } from 'vitest';
import { ServiceError } from '../../errors.js';
import { readAnswer, readMessage, sendFrame } from './frames.js';

const topic = 'persistent://t/n/topic';
const frame = (value: unknown) => Buffer.from(JSON.stringify(value));

describe('the frames of the WebSocket API', () => {
  it('carry every byte of a message', () => {
    const data = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
    const sent = JSON.parse(
      sendFrame({ data, key: 'k"\n', properties: { ü: '✓' }, eventTime: new Date(5) }, 7),
    );
    expect(sent).toEqual({
      payload: data.toString('base64'),
      context: '7',
      key: 'k"\n',
      properties: { ü: '✓' },
      eventTime: '1970-01-01T00:00:00.005Z',
    });
  });

  it('bring a message with what is wanted back to settle it', () => {
    const received = readMessage(
      frame({
        messageId: 'CAkQBQ==',
        payload: 'aGk=',
        properties: {},
        publishTime: '2026-11-21T08:00:00.5+01:00',
        redeliveryCount: 2,
        key: '',
      }),
      topic,
    );
    expect(received).toEqual({
      handle: 'CAkQBQ==',
      message: {
        id: '9:5:-1',
        topic,
        data: Buffer.from('hi'),
        properties: {},
        publishTime: new Date('2026-11-21T07:00:00.500Z'),
        redeliveryCount: 2,
      },
    });
  });

  it('are no message when they bring none', () => {
    expect(readMessage(frame({ endOfTopic: false }), topic)).toBeUndefined();
  });

  it('answer a send with the id', () => {
    expect(readAnswer(frame({ result: 'ok', messageId: 'CAkQBQ==', context: '7' }), topic)).toEqual({
      context: 7,
      outcome: '9:5:-1',
    });
  });

  it.each([
    ['the message size 6000000 exceeds 5242880', 'MessageTooLarge'],
    ['ProducerQueueIsFullError: Producer send queue is full', 'ProducerBusy'],
    ['TimeoutException: could not send message', 'Timeout'],
    ['something else', 'BrokerRefused'],
  ])('answer a send with a reason: %s', (errorMsg, code) => {
    const { outcome } = readAnswer(frame({ result: 'send-error:8', errorMsg, context: '7' }), topic);
    expect(outcome).toBeInstanceOf(ServiceError);
    expect(outcome).toMatchObject({ code });
  });
});
