import { describe, expect, it } from 'vitest';
import { eventually, type Harness, numbered, sendTexts, take, textOf } from './harness.js';

export const POSITION_TOPICS = ['seek', 'read', 'follow', 'empty', 'replay', 'onward', 'shared-seek'];

/** Going back and forth in a topic. */
export function positionSuite(harness: () => Harness): void {
  describe('seek', () => {
    it('replays from the beginning, after an id, from a time, and skips to the end', async () => {
      const { topic, connect } = harness();
      const client = await connect();
      const ids = await sendTexts(client, topic('seek'), numbered(10));
      await new Promise(resolve => setTimeout(resolve, 50));
      const middle = new Date();
      await new Promise(resolve => setTimeout(resolve, 50));
      await sendTexts(client, topic('seek'), numbered(5, 'n'));
      let got: string[] = [];
      const consumer = await client.consumer({
        topic: topic('seek'),
        subscription: 's',
        type: 'Exclusive',
        receiverQueueSize: 20,
        onMessage: async message => void got.push(textOf(message)),
      });
      const replayed = async (count: number) => {
        await eventually(() => got.length >= count, `${count} messages`);
        const all = got;
        got = [];
        return all;
      };
      const everything = [...numbered(10), ...numbered(5, 'n')];
      expect(await replayed(15)).toEqual(everything);

      await consumer.seek('earliest');
      expect(await replayed(15)).toEqual(everything);
      await consumer.seek({ after: ids[6] ?? '' });
      expect(await replayed(8)).toEqual(everything.slice(7));
      await consumer.seek({ time: middle });
      expect(await replayed(5)).toEqual(numbered(5, 'n'));
      await consumer.seek('earliest');
      await consumer.seek('latest');
      await sendTexts(client, topic('seek'), ['last']);
      await eventually(() => got.includes('last'), 'the last one');
      // Seeking back and at once forth may let the first ones through.
      expect(got.indexOf('last')).toBe(got.length - 1);
    });

    it('waits for the running handler, and goes on with a Shared subscription of several consumers', async () => {
      const { topic, connect } = harness();
      const client = await connect();
      await sendTexts(client, topic('replay'), numbered(6));
      const got: string[] = [];
      let running = 0;
      const options = {
        topic: topic('replay'),
        subscription: 's',
        type: 'Shared',
        onMessage: async (message: Parameters<typeof textOf>[0]) => {
          running++;
          await new Promise(resolve => setTimeout(resolve, 20));
          running--;
          got.push(textOf(message));
        },
      } as const;
      const consumers = [await client.consumer(options), await client.consumer(options)];
      await eventually(() => got.length >= 6, 'all messages');
      // An acknowledgement of the other consumer that is still on its way would count after the seek.
      await new Promise(resolve => setTimeout(resolve, 1_000));
      const seen = got.length;
      await consumers[0]?.seek('earliest');
      await eventually(() => got.length >= seen + 6, 'all messages again');
      expect(new Set(got.slice(seen)).size).toBe(6);
      await eventually(() => running === 0, 'the handlers end');
    });
  });

  describe('seek to after an id', () => {
    it('goes on with what follows, one message at a time too, and leaves nothing behind', async () => {
      const { topic, connect } = harness();
      const client = await connect();
      const ids = await sendTexts(client, topic('onward'), numbered(6));
      const options = { topic: topic('onward'), subscription: 's', type: 'Exclusive' } as const;
      const collect = async () => {
        const got: string[] = [];
        const onMessage = async (message: Parameters<typeof textOf>[0]) => void got.push(textOf(message));
        return { got, consumer: await client.consumer({ ...options, onMessage }) };
      };
      const first = await collect();
      await eventually(() => first.got.length === 6, 'all messages');
      await first.consumer.seek({ after: ids[3] ?? '' });
      await sendTexts(client, topic('onward'), ['n0']);
      await eventually(() => first.got.includes('n0'), 'the new one');
      expect(first.got.slice(6)).toEqual(['m4', 'm5', 'n0']);
      await first.consumer.close();
      const second = await collect();
      await sendTexts(client, topic('onward'), ['n1']);
      await eventually(() => second.got.includes('n1'), 'the newest one');
      expect(second.got).toEqual(['n1']);
    });

    it('holds nothing back when another consumer of the subscription moves it later', async () => {
      const { topic, connect } = harness();
      const client = await connect();
      const ids = await sendTexts(client, topic('shared-seek'), numbered(20));
      const got: string[] = [];
      const options = {
        topic: topic('shared-seek'),
        subscription: 's',
        type: 'Shared',
        onMessage: async (message: Parameters<typeof textOf>[0]) => void got.push(textOf(message)),
      } as const;
      const [one, other] = [await client.consumer(options), await client.consumer(options)];
      await eventually(() => got.length >= 20, 'all messages');
      // An acknowledgement of the other consumer that is still on its way would count after the seek.
      await new Promise(resolve => setTimeout(resolve, 1_000));
      await one.seek({ after: ids[17] ?? '' });
      await eventually(() => ['m18', 'm19'].every(text => got.lastIndexOf(text) >= 20), 'the last two again');
      await new Promise(resolve => setTimeout(resolve, 1_000));
      const seen = got.length;
      await other.seek('earliest');
      await eventually(() => new Set(got.slice(seen)).size === 20, 'all messages again');
    });
  });

  describe('a reader', () => {
    it('begins at the oldest message, after an id, at a time, or at the next one', async () => {
      const { topic, connect } = harness();
      const client = await connect();
      const ids = await sendTexts(client, topic('read'), numbered(10));
      await new Promise(resolve => setTimeout(resolve, 50));
      const time = new Date();
      await sendTexts(client, topic('read'), ['n0']);
      const read = async (start: Parameters<typeof client.reader>[0]['start'], count: number) => {
        const reader = await client.reader({ topic: topic('read'), ...(start && { start }) });
        return (await take(reader, count)).map(textOf);
      };
      expect(await read(undefined, 11)).toEqual([...numbered(10), 'n0']);
      expect(await read({ after: ids[7] ?? '' }, 3)).toEqual(['m8', 'm9', 'n0']);
      expect(await read({ time }, 1)).toEqual(['n0']);
      const next = await client.reader({ topic: topic('read'), start: 'latest' });
      await sendTexts(client, topic('read'), ['n1']);
      expect((await take(next, 1)).map(textOf)).toEqual(['n1']);
    });

    it('follows a topic that is empty at first, loop after loop, each message once', async () => {
      const { topic, connect } = harness();
      const client = await connect();
      for (const start of ['earliest', 'latest'] as const) {
        const reader = await client.reader({ topic: topic('empty'), start, receiverQueueSize: 3 });
        const texts = numbered(20, start);
        const following = take(reader, 12);
        await sendTexts(client, topic('empty'), texts);
        const first = await following;
        const rest = await take(reader, 8);
        expect([...first, ...rest].map(textOf)).toEqual(texts);
        await reader.close();
      }
    });

    it('holds nothing up that it does not read, and ends its loop when it is closed', async () => {
      const { topic, connect } = harness();
      const client = await connect();
      const idle = await client.reader({ topic: topic('follow'), receiverQueueSize: 2 });
      const busy = await client.reader({ topic: topic('follow'), receiverQueueSize: 2 });
      await sendTexts(client, topic('follow'), numbered(50));
      expect((await take(busy, 50)).map(textOf)).toEqual(numbered(50));
      const texts: string[] = [];
      const reading = (async () => {
        for await (const message of idle) texts.push(textOf(message));
      })();
      await eventually(() => texts.length >= 50, 'what was not read at first');
      await idle.close();
      await reading;
      expect(texts).toEqual(numbered(50));
      await busy.close();
      await busy.close();
    });
  });
}
