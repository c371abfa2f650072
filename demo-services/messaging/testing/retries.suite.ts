import { describe, expect, it } from 'vitest';
import { ServiceError } from '../../errors.js';
import { deadLetterOf } from '../index.js';
import { eventually, type Harness, numbered, sendTexts, take, textOf } from './harness.js';

export const RETRY_TOPICS = [
  'again',
  'waits',
  'asked',
  'ordered',
  'hopeless',
  'letters',
  'used-up',
  'letters-used-up',
  'late',
  'dead',
  'denied',
];
const soon = { minMs: 100, maxMs: 400 };

/** What becomes of a message whose handler fails, hangs or dies. */
export function retrySuite(harness: () => Harness): void {
  describe('a failing handler', () => {
    it('that was told when to come back is not called before', async () => {
      const { topic, connect } = harness();
      const client = await connect();
      const times: number[] = [];
      await client.consumer({
        ...{ topic: topic('asked'), subscription: 's', type: 'Key_Shared', retryDelay: soon },
        onMessage: async () => {
          times.push(Date.now());
          if (times.length < 2) throw new ServiceError('SpeechUnavailable', 'busy', { retryAfterMs: 1_500 });
        },
      });
      await sendTexts(client, topic('asked'), ['m1']);
      await eventually(() => times.length === 2, 'the second attempt');
      expect((times[1] ?? 0) - (times[0] ?? 0)).toBeGreaterThanOrEqual(1_490);
    });

    it('on a Shared subscription: the message comes again later, to any consumer, and others are not held up', async () => {
      const { topic, connect } = harness();
      const client = await connect();
      const options = { topic: topic('again'), subscription: 's', type: 'Shared', retryDelay: soon } as const;
      const times: number[] = [];
      const attempts: number[] = [];
      const done: string[] = [];
      for (const _consumer of [0, 1]) {
        await client.consumer({
          ...options,
          onMessage: async (message, { number }) => {
            if (textOf(message) === 'm3') {
              times.push(Date.now());
              attempts.push(number);
              if (attempts.length < 4) throw new Error('not yet');
            }
            done.push(textOf(message));
          },
        });
      }
      await sendTexts(client, topic('again'), numbered(10));
      await eventually(() => done.length === 10, 'all messages');
      expect(done.at(-1)).toBe('m3');
      expect(attempts).toEqual([1, 2, 3, 4]);
      const delays = times.slice(1).map((time, index) => time - (times[index] ?? 0));
      expect(delays[0]).toBeGreaterThanOrEqual(50);
      expect(delays[2]).toBeGreaterThanOrEqual(200);
    });

    it('on what waiting can mend: keeps the message and tries again, beyond the redeliveries allowed', async () => {
      const { topic, connect } = harness();
      const client = await connect();
      const attempts: number[] = [];
      await client.consumer({
        topic: topic('waits'),
        subscription: 's',
        type: 'Shared',
        retryDelay: { minMs: 5, maxMs: 20 },
        deadLetter: { topic: topic('letters'), maxRedeliveries: 2 },
        onMessage: async (_message, { number }) => {
          attempts.push(number);
          if (number < 8) throw new ServiceError('StoreUnavailable', 'the store is down');
        },
      });
      await sendTexts(client, topic('waits'), ['m']);
      await eventually(() => attempts.length === 8, 'eight attempts');
      expect(attempts).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    });

    it.each(['Key_Shared', 'Failover', 'Exclusive'] as const)(
      'on a %s subscription: the key waits for the retry, the order stays, other keys go on',
      async type => {
        const { topic, connect } = harness();
        const client = await connect();
        const done: string[] = [];
        let failures = 0;
        await client.consumer({
          topic: topic('ordered'),
          subscription: type,
          type,
          initialPosition: 'latest',
          concurrency: 4,
          receiverQueueSize: 20,
          retryDelay: soon,
          onMessage: async message => {
            const text = textOf(message);
            if (text === 'a/1' && (failures++ < 2 || !done.includes('b/2'))) throw new Error('not yet');
            done.push(text);
          },
        });
        await sendTexts(client, topic('ordered'), ['a/0', 'b/0', 'a/1', 'b/1', 'a/2', 'b/2', 'a/3']);
        await eventually(() => done.length === 7, 'all messages');
        expect(done.filter(text => text.startsWith('a'))).toEqual(['a/0', 'a/1', 'a/2', 'a/3']);
      },
    );

    it('on what waiting cannot mend: the message is a dead letter at once, with reason and origin', async () => {
      const { topic, connect } = harness();
      const client = await connect();
      const letters = await client.reader({ topic: topic('letters'), start: 'latest' });
      const done: string[] = [];
      let calls = 0;
      const producer = await client.producer({ topic: topic('hopeless') });
      await client.consumer({
        topic: topic('hopeless'),
        subscription: 'worker',
        type: 'Key_Shared',
        deadLetter: { topic: topic('letters') },
        onMessage: async message => {
          calls++;
          if (textOf(message) === 'bad') throw new ServiceError('ObjectCorrupt', 'sha256 differs');
          done.push(textOf(message));
        },
      });
      const bad = { data: Buffer.from('bad'), key: 'k', properties: { trace: 't' }, eventTime: new Date(5) };
      const { id } = await producer.send(bad);
      await producer.send({ ...bad, data: Buffer.from('good') });
      const [letter] = await take(letters, 1);
      await eventually(() => done.length === 1, 'the next message');
      expect(calls).toBe(2);
      expect(letter).toMatchObject({ data: bad.data, key: 'k', eventTime: bad.eventTime });
      expect(letter?.properties).toMatchObject({ trace: 't' });
      expect(letter && deadLetterOf(letter)).toMatchObject({
        code: 'ObjectCorrupt',
        reason: 'sha256 differs',
        topic: topic('hopeless'),
        subscription: 'worker',
        messageId: id,
        attempts: 1,
      });
    });

    it.each(['Shared', 'Key_Shared'] as const)(
      'again and again on a %s subscription: the message is a dead letter after the redeliveries allowed',
      async type => {
        const { topic, connect } = harness();
        const client = await connect();
        const letters = await client.reader({ topic: topic('letters-used-up'), start: 'latest' });
        let calls = 0;
        await client.consumer({
          topic: topic('used-up'),
          subscription: type,
          type,
          initialPosition: 'latest',
          retryDelay: { minMs: 10, maxMs: 10 },
          deadLetter: { topic: topic('letters-used-up'), maxRedeliveries: 3 },
          onMessage: async () => {
            calls++;
            throw new Error('a defect');
          },
        });
        await sendTexts(client, topic('used-up'), [type]);
        const [letter] = await take(letters, 1);
        expect(letter && deadLetterOf(letter)).toMatchObject({ code: 'Unexpected', attempts: 4 });
        expect(calls).toBe(4);
      },
    );

    it('refuses to begin when its role may not write dead letters', async () => {
      const { connect, topic } = harness();
      const client = await connect();
      const consumer = client.consumer({
        topic: topic('dead'),
        subscription: 's',
        type: 'Shared',
        deadLetter: { topic: topic('no-such-topic') },
        onMessage: async () => undefined,
      });
      await expect(consumer).rejects.toMatchObject({
        code: expect.stringMatching(/TopicNotFound|AuthorizationFailed/),
      });
    });
  });

  describe('a handler that does not end', () => {
    it('is told when its time is up, and the message goes to another consumer', async () => {
      const { topic, connect } = harness();
      const client = await connect();
      const options = { topic: topic('late'), subscription: 's', type: 'Shared', retryDelay: soon } as const;
      let told: unknown;
      await client.consumer({
        ...options,
        ackTimeoutMs: 300,
        onMessage: (_message, { signal }) =>
          new Promise((_resolve, reject) => {
            signal.addEventListener('abort', () => {
              told = signal.reason;
              reject(signal.reason);
            });
          }),
      });
      await sendTexts(client, topic('late'), ['m']);
      await new Promise(resolve => setTimeout(resolve, 150));
      const seen: number[] = [];
      await client.consumer({
        ...options,
        onMessage: async (_message, { number }) => void seen.push(number),
      });
      await eventually(() => seen.length === 1 || told !== undefined, 'the time is up');
      expect(told).toMatchObject({ code: 'AckTimeout' });
    });
  });
}
