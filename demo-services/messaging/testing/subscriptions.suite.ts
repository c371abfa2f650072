import { describe, expect, it } from 'vitest';
import type { Client, ConsumerOptions } from '../index.js';
import { eventually, type Harness, latch, numbered, sendTexts, textOf } from './harness.js';

export const SUBSCRIPTION_TOPICS = [
  'exclusive',
  'failover',
  'shared',
  'keyed',
  'parallel',
  'begin',
  'twice',
  'close',
];

/** Who gets which message. */
export function subscriptionSuite(harness: () => Harness): void {
  /** A consumer that notes what it gets. */
  async function collector(client: Client, options: Omit<ConsumerOptions, 'onMessage'>) {
    const got: string[] = [];
    const consumer = await client.consumer({
      ...options,
      onMessage: async message => void got.push(textOf(message)),
    });
    return { got, consumer };
  }

  describe('subscriptions', () => {
    it('Exclusive: one consumer gets all in order, a second one is refused', async () => {
      const { topic, connect } = harness();
      const [one, other] = [await connect(), await connect()];
      const options = { topic: topic('exclusive'), subscription: 's', type: 'Exclusive' } as const;
      const { got } = await collector(one, options);
      await expect(collector(other, options)).rejects.toMatchObject({ code: 'ConsumerBusy' });
      await sendTexts(one, topic('exclusive'), numbered(50));
      await eventually(() => got.length === 50, 'all messages');
      expect(got).toEqual(numbered(50));
    });

    it('refuses a consumer of another type', async () => {
      const { topic, connect } = harness();
      const client = await connect();
      const options = { topic: topic('exclusive'), subscription: 'typed' } as const;
      await collector(client, { ...options, type: 'Shared' });
      await expect(collector(client, { ...options, type: 'Failover' })).rejects.toMatchObject({
        code: 'ConsumerBusy',
      });
    });

    it('Failover: one consumer gets all in order, the next one goes on where it left', async () => {
      const { topic, connect } = harness();
      const handled: { readonly who: 'a' | 'b'; readonly text: string }[] = [];
      let lost = 0;
      const log = (_level: string, event: string) => {
        if (event === 'connection-lost') lost++;
      };
      const client = await connect({ log });
      const join = (who: 'a' | 'b') =>
        client.consumer({
          topic: topic('failover'),
          subscription: 's',
          type: 'Failover',
          name: who,
          onMessage: async message => void handled.push({ who, text: textOf(message) }),
        });
      const consumers = { a: await join('a'), b: await join('b') };
      // On a busy machine a connection may break: then the other consumer takes over, and a message may come again.
      const texts = () => [...new Set(handled.map(({ text }) => text))];
      const active = () => handled.at(-1)?.who ?? 'a';
      const [before, after] = [numbered(20, 'before-'), numbered(20, 'after-')];
      await sendTexts(client, topic('failover'), before);
      await eventually(() => texts().length === before.length, 'the first twenty');
      expect(texts()).toEqual(before);
      if (lost === 0) expect(new Set(handled.map(({ who }) => who)).size).toBe(1);
      const left = active();
      await consumers[left].close();
      const other = left === 'a' ? 'b' : 'a';
      await sendTexts(client, topic('failover'), after);
      await eventually(() => texts().length === before.length + after.length, 'the next twenty');
      expect(texts()).toEqual([...before, ...after]);
      expect(handled.filter(({ who, text }) => who === left && after.includes(text))).toEqual([]);
      if (lost === 0)
        expect(handled.filter(({ who }) => who === other).map(({ text }) => text)).toEqual(after);
    });

    it('Shared: each message goes to one of the consumers', async () => {
      const { topic, connect } = harness();
      const client = await connect();
      const options = { topic: topic('shared'), subscription: 's', type: 'Shared' } as const;
      const consumers = [await collector(client, options), await collector(client, options)];
      await sendTexts(client, topic('shared'), numbered(100));
      const all = () => consumers.flatMap(({ got }) => got);
      await eventually(() => all().length === 100, 'all messages');
      expect(new Set(all()).size).toBe(100);
      for (const { got } of consumers) expect(got.length).toBeGreaterThan(0);
    });

    it('Key_Shared: the messages of a key go to one consumer, in order, while keys are handled side by side', async () => {
      const { topic, connect } = harness();
      const client = await connect();
      const keys = numbered(12, 'key');
      const handled: { readonly consumer: number; readonly text: string }[] = [];
      let together = 0;
      let most = 0;
      for (const consumer of [0, 1]) {
        await client.consumer({
          topic: topic('keyed'),
          subscription: 's',
          type: 'Key_Shared',
          concurrency: 4,
          receiverQueueSize: 40,
          onMessage: async message => {
            most = Math.max(most, ++together);
            await new Promise(resolve => setTimeout(resolve, 1 + Math.random() * 3));
            handled.push({ consumer, text: textOf(message) });
            together--;
          },
        });
      }
      const texts = Array.from({ length: 20 }, (_, number) => keys.map(key => `${key}/${number}`)).flat();
      await sendTexts(client, topic('keyed'), texts);
      await eventually(() => handled.length === texts.length, 'all messages');
      for (const key of keys) {
        const ofKey = handled.filter(({ text }) => text.startsWith(`${key}/`));
        expect(ofKey.map(({ text }) => text)).toEqual(texts.filter(text => text.startsWith(`${key}/`)));
        expect(new Set(ofKey.map(({ consumer }) => consumer)).size).toBe(1);
      }
      expect(new Set(handled.map(({ consumer }) => consumer)).size).toBe(2);
      expect(most).toBeGreaterThan(2);
    });

    it('runs no more handlers than its concurrency, and takes no more messages than its queue', async () => {
      const { topic, connect } = harness();
      const client = await connect();
      const gate = latch();
      const options = { topic: topic('parallel'), subscription: 's', type: 'Shared' } as const;
      let running = 0;
      await sendTexts(client, topic('parallel'), numbered(20)).then(() => undefined);
      await client.consumer({
        ...options,
        concurrency: 3,
        receiverQueueSize: 4,
        onMessage: async () => {
          running++;
          await gate.opened;
        },
      });
      await eventually(() => running === 3, 'three handlers');
      // What the blocked consumer doesn't hold, another one gets.
      const other = await collector(client, options);
      await eventually(() => other.got.length >= 14, 'the rest goes to the other consumer');
      expect(running).toBe(3);
      gate.open();
      await eventually(() => running + other.got.length === 20, 'all messages');
    });

    it('begins at the oldest message, unless it is told to begin at the next one', async () => {
      const { topic, connect } = harness();
      const client = await connect();
      await sendTexts(client, topic('begin'), ['old']);
      const options = { topic: topic('begin'), type: 'Shared' } as const;
      const oldest = await collector(client, { ...options, subscription: 'oldest' });
      const next = await collector(client, { ...options, subscription: 'next', initialPosition: 'latest' });
      await sendTexts(client, topic('begin'), ['new']);
      await eventually(() => oldest.got.length === 2 && next.got.length === 1, 'old and new');
      expect(next.got).toEqual(['new']);
    });

    it('keeps its place when a consumer leaves and comes again', async () => {
      const { topic, connect } = harness();
      const client = await connect();
      const options = { topic: topic('twice'), subscription: 's', type: 'Exclusive' } as const;
      const first = await collector(client, options);
      await sendTexts(client, topic('twice'), numbered(10, 'a'));
      await eventually(() => first.got.length === 10, 'the first ten');
      await first.consumer.close();
      await sendTexts(client, topic('twice'), numbered(10, 'b'));
      const second = await collector(client, options);
      await eventually(() => second.got.length >= 10, 'the next ten');
      expect(second.got).toEqual(numbered(10, 'b'));
    });

    it('closes by letting running handlers end and acknowledging them, and gives the others back', async () => {
      const { topic, connect } = harness();
      const client = await connect();
      const options = { topic: topic('close'), subscription: 's', type: 'Shared' } as const;
      await sendTexts(client, topic('close'), numbered(10));
      const begun: string[] = [];
      const ended: string[] = [];
      const consumer = await client.consumer({
        ...options,
        concurrency: 2,
        receiverQueueSize: 8,
        onMessage: async message => {
          begun.push(textOf(message));
          await new Promise(resolve => setTimeout(resolve, 300));
          ended.push(textOf(message));
        },
      });
      await eventually(() => begun.length === 2, 'two handlers');
      await consumer.close();
      expect(ended).toEqual(begun);
      expect(ended).toHaveLength(2);
      const { got } = await collector(client, options);
      await eventually(() => got.length >= 8, 'the rest');
      await new Promise(resolve => setTimeout(resolve, 200));
      expect([...ended, ...got].toSorted()).toEqual(numbered(10));
    });

    it('closes in the time it is given, and tells handlers that do not end', async () => {
      const { topic, connect } = harness();
      const client = await connect();
      const options = { topic: topic('close'), subscription: 'slow', type: 'Shared' } as const;
      const told = latch();
      let begun = false;
      const consumer = await client.consumer({
        ...options,
        onMessage: async (_message, { signal }) => {
          begun = true;
          await new Promise((_resolve, reject) => {
            signal.addEventListener('abort', () => {
              told.open();
              reject(signal.reason);
            });
          });
        },
      });
      await eventually(() => begun, 'the handler');
      const started = Date.now();
      await consumer.close({ timeoutMs: 200 });
      await told.opened;
      expect(Date.now() - started).toBeLessThan(2_500);
      const { got } = await collector(client, options);
      await eventually(() => got.length === 10, 'all messages, the one of the handler too');
    });
  });
}
