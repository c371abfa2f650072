import { describe, expect, it } from 'vitest';
import type { Message } from '../index.js';
import { eventually, type Harness, numbered, sendTexts, take, textOf } from './harness.js';

export const EXCHANGE_TOPICS = ['contents', 'sizes', 'order', 'pressure', 'flush', 'many', 'batches'];

/** Id of a copy that the broker dropped. */
const DROPPED = '-1:-1:-1';

/** What goes in comes out. */
export function exchangeSuite(harness: () => Harness): void {
  describe('the exchange of messages', () => {
    it('brings data, key, properties and event time unchanged, and says when and under which id', async () => {
      const { topic, connect } = harness();
      const client = await connect();
      const producer = await client.producer({ topic: topic('contents') });
      const reader = await client.reader({ topic: topic('contents') });
      const bytes = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
      const full = {
        data: bytes,
        key: 'Schlüssel 🔑 "\n',
        properties: { 'trace-id': 'ab', 'naïve ✓': 'мир 🌍\t"', empty: '', '0': 'zero' },
        eventTime: new Date(1_700_000_000_123),
      };
      const before = Date.now();
      const sent = [
        await producer.send(full),
        await producer.send({ data: Buffer.alloc(0) }),
        await producer.send({ data: Buffer.from('{}'), key: '' }),
      ];
      const ids = sent.map(({ id }) => id);
      const [first, empty, bare] = await take(reader, 3);

      expect(first).toMatchObject(full);
      // Of a message that was sent again under load the broker tells no id: it has it, and drops the copy.
      const known = [first, empty, bare].map((message, at) => (ids[at] === DROPPED ? DROPPED : message?.id));
      expect(known).toEqual(ids);
      expect(first?.topic).toBe(topic('contents'));
      expect(first?.publishTime.getTime()).toBeGreaterThanOrEqual(before - 1);
      expect(first?.publishTime.getTime()).toBeLessThanOrEqual(Date.now() + 1);
      expect(empty?.data).toHaveLength(0);
      expect(empty?.properties).toEqual({});
      for (const name of ['key', 'eventTime']) expect(bare).not.toHaveProperty(name);
    });

    it('brings a megabyte and the largest message allowed, and refuses a larger one before it is sent', async () => {
      const { topic, connect } = harness();
      const client = await connect();
      const producer = await client.producer({ topic: topic('sizes') });
      const reader = await client.reader({ topic: topic('sizes') });
      const limit = 5 * 1024 * 1024 - 64 * 1024;
      for (const size of [1024 * 1024, limit]) {
        await producer.send({ data: Buffer.alloc(size, size % 251) });
        const [message] = await take(reader, 1);
        expect(message?.data.equals(Buffer.alloc(size, size % 251))).toBe(true);
      }
      await expect(producer.send({ data: Buffer.alloc(limit + 1) })).rejects.toMatchObject({
        code: 'MessageTooLarge',
        saw: `${limit + 1} bytes`,
      });
      await producer.send({ data: Buffer.from('still here') });
      expect((await take(reader, 1)).map(textOf)).toEqual(['still here']);
    });

    it("tells a size that only the broker refuses, and goes on with the producer's other messages", async () => {
      const { topic, connect } = harness();
      const client = await connect({ maxMessageBytes: 100 * 1024 * 1024 });
      const producer = await client.producer({ topic: topic('sizes') });
      const tooLarge = [5.2, 9].map(mebibytes =>
        producer.send({ data: Buffer.alloc(mebibytes * 1024 * 1024) }),
      );
      const small = producer.send({ data: Buffer.from('small') });
      for (const outcome of await Promise.allSettled(tooLarge)) {
        expect(outcome).toMatchObject({ status: 'rejected', reason: { code: 'MessageTooLarge' } });
      }
      expect((await small).id).toMatch(/^\d+:\d+:-1$/);
    });

    it('keeps the order of sends that nobody waits for', async () => {
      const { topic, connect } = harness();
      const client = await connect();
      const texts = numbered(500);
      const ids = await sendTexts(client, topic('order'), texts);
      expect(new Set(ids).size).toBe(500);
      const reader = await client.reader({ topic: topic('order') });
      expect((await take(reader, 500)).map(textOf)).toEqual(texts);
    });

    it('makes send wait for room instead of failing or filling the memory', async () => {
      const { topic, connect } = harness();
      const client = await connect();
      const producer = await client.producer({ topic: topic('pressure'), maxPending: 5 });
      const sent = await Promise.all(numbered(200).map(text => producer.send({ data: Buffer.from(text) })));
      expect(new Set(sent.map(({ id }) => id)).size).toBe(200);
    });

    it('flushes and closes only when everything sent is stored', async () => {
      const { topic, connect } = harness();
      const client = await connect();
      const producer = await client.producer({ topic: topic('flush') });
      let stored = 0;
      const send = () => producer.send({ data: Buffer.from('x') }).then(() => stored++);
      const sends = Array.from({ length: 50 }, send);
      await producer.flush();
      expect(stored).toBe(50);
      sends.push(...Array.from({ length: 50 }, send));
      await producer.close();
      expect(stored).toBe(100);
      await Promise.all(sends);
      await expect(producer.send({ data: Buffer.from('x') })).rejects.toMatchObject({
        code: 'AlreadyClosed',
      });
    });

    it('gathers messages into batches for throughput, each with an id and an acknowledgement of its own', async () => {
      const { topic, connect } = harness();
      const client = await connect();
      const producer = await client.producer({ topic: topic('batches'), optimizeFor: 'throughput' });
      const sent = await Promise.all(numbered(100).map(text => producer.send({ data: Buffer.from(text) })));
      const ids = sent.map(({ id }) => id);
      expect(new Set(ids).size).toBe(100);
      expect(ids.filter(id => /^\d+:\d+:-1:\d+$/.test(id)).length).toBeGreaterThan(50);
      const received: Message[] = [];
      await client.consumer({
        topic: topic('batches'),
        subscription: 'all',
        type: 'Exclusive',
        onMessage: async message => void received.push(message),
      });
      await eventually(() => received.length === 100, 'all of the batches');
      expect(received.map(({ id }) => id)).toEqual(ids);
    });

    it('passes ten thousand messages through with flat memory', async () => {
      const { topic, connect } = harness();
      const client = await connect();
      const producer = await client.producer({ topic: topic('many'), optimizeFor: 'throughput' });
      let received = 0;
      await client.consumer({
        topic: topic('many'),
        subscription: 'all',
        type: 'Shared',
        concurrency: 50,
        receiverQueueSize: 1000,
        onMessage: async () => void received++,
      });
      const memory: number[] = [];
      const data = Buffer.alloc(1024);
      for (let round = 0; round < 10; round++) {
        await Promise.all(Array.from({ length: 1000 }, () => producer.send({ data })));
        await eventually(() => received === (round + 1) * 1000, `round ${round}`);
        memory.push(process.memoryUsage().rss);
      }
      // What one round allocates is far more than what all may leave behind.
      const growth = Math.max(...memory.slice(5)) - Math.max(...memory.slice(0, 5));
      expect(growth).toBeLessThan(40 * 1024 * 1024);
    });
  });
}
