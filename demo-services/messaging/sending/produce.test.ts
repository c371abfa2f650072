import { describe, expect, it } from 'vitest';
import { ServiceError } from '../../errors.js';
import type { Channel } from './channel.js';
import { produce } from './produce.js';

const data = Buffer.from('x');

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
