import { describe, expect, it } from 'vitest';
import type { ConnectOptions, Producer } from '../index.js';
import { type Harness, numbered, take, textOf } from './harness.js';

export const NUMBERED_TOPICS = ['resent', 'gap', 'taken', 'large', 'broken'];

/** A producer whose name and numbers outlive its process. */
export function numberedSuite(harness: () => Harness): void {
  async function producerOf(alias: string, next: number, overrides: Partial<ConnectOptions> = {}) {
    const { connect, topic } = harness();
    const client = await connect(overrides);
    return client.producer({ topic: topic(alias), numbered: { producer: 'outbox', next } });
  }

  async function send(producer: Producer, texts: readonly string[]): Promise<string[]> {
    const sent = await Promise.all(texts.map(text => producer.send({ data: Buffer.from(text) })));
    return sent.map(({ id }) => id);
  }

  async function stored(alias: string, count: number): Promise<string[]> {
    const { connect, topic } = harness();
    const client = await connect();
    return (await take(await client.reader({ topic: topic(alias) }), count)).map(textOf);
  }

  describe('a producer whose name and numbers outlive its process', () => {
    it('may send again what was in doubt: the broker stores each number once', async () => {
      const first = await producerOf('resent', 1_000);
      await send(first, numbered(10));
      await first.close();
      const second = await producerOf('resent', 1_005);
      const again = [...numbered(10).slice(5), ...numbered(5, 'n')];
      expect(await send(second, again)).toEqual([
        ...Array.from({ length: 5 }, () => '-1:-1:-1'),
        ...Array.from({ length: 5 }, () => expect.stringMatching(/^\d+:\d+:-1$/)),
      ]);
      await send(second, ['last']);
      expect(await stored('resent', 16)).toEqual([...numbered(10), ...numbered(5, 'n'), 'last']);
    });

    it('may leave numbers out between two lives, up to those of a clock in microseconds', async () => {
      const first = await producerOf('gap', 7);
      await send(first, ['a']);
      await first.close();
      const now = Date.now() * 1_000;
      const second = await producerOf('gap', now);
      await send(second, ['b', 'c']);
      await second.close();
      const third = await producerOf('gap', now + 1);
      expect(await send(third, ['c', 'd'])).toEqual(['-1:-1:-1', expect.stringMatching(/^\d/)]);
      expect(await stored('gap', 4)).toEqual(['a', 'b', 'c', 'd']);
    });

    it('exists once: the second of a name is told so, until the first is gone', async () => {
      const first = await producerOf('taken', 1);
      await expect(producerOf('taken', 1)).rejects.toMatchObject({ code: 'ProducerBusy' });
      await first.close();
      await expect(producerOf('taken', 1)).resolves.toBeDefined();
    });

    it('gives no number to a message that is refused before it is sent', async () => {
      const first = await producerOf('large', 1);
      const [a, tooLarge, b] = ['a', 'x'.repeat(5.2 * 1024 * 1024), 'b'].map(text =>
        first.send({ data: Buffer.from(text) }),
      );
      await expect(tooLarge).rejects.toMatchObject({ code: 'MessageTooLarge' });
      await Promise.all([a, b]);
      await first.close();
      const second = await producerOf('large', 2);
      expect(await send(second, ['b', 'c'])).toEqual(['-1:-1:-1', expect.stringMatching(/^\d/)]);
    });

    it('sends nothing more after one failure, so that no number is left out', async () => {
      // So that it is not the client who refuses.
      const producer = await producerOf('broken', 1, { maxMessageBytes: 8 * 1024 * 1024 });
      await send(producer, ['a']);
      const tooLarge = { code: 'MessageTooLarge' };
      await expect(producer.send({ data: Buffer.alloc(5.2 * 1024 * 1024) })).rejects.toMatchObject(tooLarge);
      await expect(producer.send({ data: Buffer.from('later') })).rejects.toMatchObject(tooLarge);
    });
  });
}
