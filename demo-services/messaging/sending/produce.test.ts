import { describe, expect, it } from 'vitest';
import { ServiceError } from '../../errors.js';
import type { Channel } from './channel.js';
import { produce } from './produce.js';

const data = Buffer.from('x');

describe('a producer that is flushed', () => {
  it('waits for what waits for room too, and tells of it after those who sent it', async () => {
    const slow: Channel = {
      connected: true,
      send: () => new Promise(resolve => setImmediate(resolve, { id: '1:2:-1' })),
      close: async () => undefined,
    };
    const producer = produce(slow, { topic: 'persistent://t/n/x', maxPending: 2 }, 100);
    let stored = 0;
    for (let i = 0; i < 7; i++) void producer.send({ data }).then(() => stored++);
    await producer.flush();
    expect(stored).toBe(7);
    await producer.close();
  });
});

describe('a transport that throws instead of refusing', () => {
  it('fails that message alone, and keeps nobody from flushing and closing', async () => {
    const unable = new TypeError('no date');
    const throwing: Channel = {
      connected: true,
      send: ({ key }) => {
        if (key === 'bad') throw unable;
        return Promise.resolve({ id: '1:2:-1' });
      },
      close: async () => undefined,
    };
    const producer = produce(throwing, { topic: 'persistent://t/n/x', maxPending: 1 }, 100);
    const sends = ['bad', 'good', 'bad', 'good'].map(key => producer.send({ data, key }));
    expect((await Promise.allSettled(sends)).map(({ status }) => status)).toEqual([
      ...['rejected', 'fulfilled', 'rejected', 'fulfilled'],
    ]);
    await producer.flush();
    await producer.close();
  });
});

describe('a numbered producer after a failed send', () => {
  it('fails all that wait for room, instead of letting them wait for ever', async () => {
    const lost = new ServiceError('ConnectionLost', 'the connection broke');
    const failing: Channel = {
      connected: false,
      send: () => new Promise((_resolve, reject) => setImmediate(reject, lost)),
      close: async () => undefined,
    };
    const numbered = { producer: 'outbox', next: 1 };
    const producer = produce(failing, { topic: 'persistent://t/n/x', maxPending: 2, numbered }, 100);
    const sends = Array.from({ length: 20 }, () => producer.send({ data }));
    for (const outcome of await Promise.allSettled(sends)) {
      expect(outcome).toEqual({ status: 'rejected', reason: lost });
    }
    await producer.close();
  });
});
