import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { makeClient } from './client.js';
import type { Adapter } from './transport.js';

const topic = 'persistent://t/n/x';

/** A transport that takes its time to make a producer, and notes what is done to it. */
function slowAdapter(done: string[]): Adapter<never> {
  const never = async () => {
    throw new Error('not asked for');
  };
  return {
    transport: 'websocket',
    channel: async () => {
      await sleep(50);
      done.push('made');
      return { connected: true, send: never, close: async () => void done.push('channel closed') };
    },
    subscribe: () => never,
    reader: async () => ({
      connected: true,
      close: async () => void done.push('reader closed'),
      [Symbol.asyncIterator]: () => ({ next: never }),
    }),
    close: async () => {
      await sleep(20);
      done.push('adapter closed');
    },
  };
}

describe('the close of a client', () => {
  it('closes what is still being made, and the transport only after it', async () => {
    const done: string[] = [];
    const client = makeClient(slowAdapter(done), { maxMessageBytes: 100, log: () => undefined });
    const making = client.producer({ topic });
    await client.close();
    expect(done).toEqual(['made', 'channel closed', 'adapter closed']);
    const producer = await making;
    const refused = { code: 'AlreadyClosed' };
    await expect(producer.send({ data: Buffer.from('x') })).rejects.toMatchObject(refused);
    await expect(client.producer({ topic })).rejects.toMatchObject(refused);
  });

  it('no longer knows what was closed before it', async () => {
    const done: string[] = [];
    const client = makeClient(slowAdapter(done), { maxMessageBytes: 100, log: () => undefined });
    for (let i = 0; i < 3; i++) await (await client.reader({ topic })).close();
    await client.close();
    expect(done).toEqual(['reader closed', 'reader closed', 'reader closed', 'adapter closed']);
  });

  it('is waited for by each who closes', async () => {
    const done: string[] = [];
    const client = makeClient(slowAdapter(done), { maxMessageBytes: 100, log: () => undefined });
    void client.close();
    await client.close();
    expect(done).toEqual(['adapter closed']);
  });
});
