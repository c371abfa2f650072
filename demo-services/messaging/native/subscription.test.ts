import { setTimeout as sleep } from 'node:timers/promises';
import type { Consumer, ConsumerConfig, Message } from 'pulsar-client';
import { describe, expect, it } from 'vitest';
import { ServiceError } from '../../errors.js';
import type { ConsumerOptions } from '../port.js';
import type { Session } from './session.js';
import { subscribeBy } from './subscription.js';

const topic = 'persistent://t/n/x';

/** As much of a consumer of the addon as a subscription calls; it does what the sources of 1.18.0 say. */
class StandIn {
  readonly calls: string[] = [];
  /** How it was asked for messages. */
  readonly asked: ('one' | 'many')[] = [];
  /** Fails the next batch. */
  failing = false;
  readonly #batch: ConsumerConfig['batchReceivePolicy'];
  #waiting: { resolve: (message: Message) => void; reject: (error: Error) => void }[] = [];
  #queue: Message[] = [];
  #closed = false;

  constructor({ batchReceivePolicy }: ConsumerConfig) {
    this.#batch = batchReceivePolicy;
  }

  isConnected(): boolean {
    return !this.#closed;
  }
  receive(): Promise<Message> {
    this.asked.push('one');
    if (this.#closed) return Promise.reject(new Error('Failed to receive message: AlreadyClosed'));
    const next = this.#queue.shift();
    if (next !== undefined) return Promise.resolve(next);
    return new Promise((resolve, reject) => this.#waiting.push({ resolve, reject }));
  }
  /** As many as make a batch, at once; what there is, and be it nothing, when the time is up. */
  async batchReceive(): Promise<Message[]> {
    this.asked.push('many');
    const { maxNumMessages = 0, timeoutMs } = this.#batch ?? {};
    if (this.#queue.length < maxNumMessages) await sleep(timeoutMs);
    if (this.failing) {
      this.failing = false;
      throw new Error('Failed to batch receive message: Disconnected');
    }
    return this.#queue.splice(0, maxNumMessages);
  }
  bring(id: string): void {
    const message = {
      getMessageId: () => ({ toString: () => `(${id.replaceAll(':', ',')},-1)` }),
      getData: () => Buffer.alloc(0),
      getPartitionKey: () => '',
      getProperties: () => [],
      getPublishTimestamp: () => 1,
      getEventTimestamp: () => 0,
      getRedeliveryCount: () => 0,
    } as unknown as Message;
    const next = this.#waiting.shift();
    if (next === undefined) this.#queue.push(message);
    else next.resolve(message);
  }
  async seek(): Promise<null> {
    this.calls.push('seek');
    // Already from the new place.
    this.bring('1:4:-1');
    return null;
  }
  async acknowledgeId(): Promise<null> {
    this.calls.push('acknowledgeId');
    return null;
  }
  async close(): Promise<null> {
    this.calls.push('close');
    this.#closed = true;
    for (const { reject } of this.#waiting) reject(new Error('Failed to receive message: AlreadyClosed'));
    return null;
  }
}

/** A session whose n-th attempt to subscribe fails if `fails` says so. */
function sessionOf(consumers: StandIn[], fails: (attempt: number) => boolean = () => false): Session {
  let attempt = 0;
  const session = {
    addon: { MessageId: { deserialize: (bytes: Buffer) => bytes } },
    context: { operationTimeoutMs: 1_000, log: () => undefined },
    check: async () => undefined,
    explain: async () => new ServiceError('ConnectionLost', 'the connection broke'),
    client: {
      subscribe: async (config: ConsumerConfig) => {
        if (fails(attempt++)) throw new Error('Failed to create consumer: ConnectError');
        const consumer = new StandIn(config);
        consumers.push(consumer);
        return consumer as unknown as Consumer;
      },
    },
  };
  return session as unknown as Session;
}

const options = { topic, subscription: 's', type: 'Exclusive', onMessage: async () => undefined } as const;

async function subscribed(session: Session, permits = 3, more: Partial<ConsumerOptions> = {}) {
  const got: string[] = [];
  const subscribe = subscribeBy(session, { ...options, ...more });
  const subscription = await subscribe(({ message }) => void got.push(message.id));
  subscription.permit(permits);
  return { got, subscription };
}

describe('a native subscription that is moved after an id', () => {
  it('goes on with a consumer made anew, and hands over nothing twice', async () => {
    const consumers: StandIn[] = [];
    const { got, subscription } = await subscribed(sessionOf(consumers, attempt => attempt === 1));
    consumers[0]?.bring('1:3:-1');
    await expect.poll(() => got).toEqual(['1:3:-1']);
    await subscription.seek({ after: '1:3:-1' });
    expect(consumers[0]?.calls).toEqual(['seek', 'acknowledgeId', 'close']);
    expect(consumers).toHaveLength(2);
    expect(subscription.connected).toBe(true);
    for (const id of ['1:4:-1', '1:5:-1']) consumers[1]?.bring(id);
    await expect.poll(() => got).toEqual(['1:3:-1', '1:4:-1', '1:5:-1']);
    await subscription.close();
    expect(consumers[1]?.calls).toEqual(['close']);
  });

  it('keeps its consumer when it is moved elsewhere', async () => {
    const consumers: StandIn[] = [];
    const { subscription } = await subscribed(sessionOf(consumers));
    await subscription.seek({ after: '1:3:-1:2' });
    expect(consumers[0]?.calls).toEqual(['seek']);
    expect(consumers).toHaveLength(1);
    await subscription.close();
  });

  it('ends with its close, though there is no connection to make another consumer', async () => {
    const consumers: StandIn[] = [];
    const { subscription } = await subscribed(sessionOf(consumers, attempt => attempt > 0));
    const seeking = expect(subscription.seek({ after: '1:3:-1' })).rejects.toMatchObject({
      code: 'AlreadyClosed',
    });
    await expect.poll(() => consumers[0]?.calls.at(-1)).toBe('close');
    expect(subscription.connected).toBe(false);
    await subscription.close();
    await seeking;
  });
});

describe('what a native subscription is asked for', () => {
  /** Room for eight messages, of which batches of two are made. */
  const many = { receiverQueueSize: 8, concurrency: 4 };
  const ids = (count: number, from = 0) => Array.from({ length: count }, (_, i) => `1:${from + i}:-1`);

  async function flowing(permits: number, count: number) {
    const consumers: StandIn[] = [];
    const { got, subscription } = await subscribed(sessionOf(consumers), 0, many);
    const [consumer] = consumers;
    if (consumer === undefined) throw new Error('it has subscribed');
    for (const id of ids(count)) consumer.bring(id);
    subscription.permit(permits);
    return { consumer, got, subscription };
  }

  it('is the first message alone, then as many at a time as make a batch, in order', async () => {
    const { consumer, got, subscription } = await flowing(7, 7);
    await expect.poll(() => got).toEqual(ids(7));
    expect(consumer.asked).toEqual(['one', 'many', 'many', 'many']);
    await subscription.close();
  });

  it('is no batch that could bring more than is permitted', async () => {
    const { consumer, got, subscription } = await flowing(2, 7);
    await expect.poll(() => got).toEqual(ids(2));
    expect(consumer.asked).toEqual(['one', 'one']);
    subscription.permit(3);
    await expect.poll(() => got).toEqual(ids(5));
    await sleep(20);
    expect(got).toEqual(ids(5));
    expect(consumer.asked).toEqual(['one', 'one', 'one', 'many']);
    await subscription.close();
  });

  it('is a message alone again when nothing flows, however long that lasts', async () => {
    const { consumer, got, subscription } = await flowing(7, 2);
    await expect.poll(() => consumer.asked).toEqual(['one', 'many', 'many', 'one']);
    await sleep(20);
    expect(consumer.asked).toHaveLength(4);
    consumer.bring('1:2:-1');
    await expect.poll(() => got).toEqual(ids(3));
    await subscription.close();
  });

  it('goes on after a batch that failed', async () => {
    const { consumer, got, subscription } = await flowing(7, 1);
    consumer.failing = true;
    await expect.poll(() => consumer.asked).toEqual(['one', 'many', 'one']);
    for (const id of ids(2, 1)) consumer.bring(id);
    await expect.poll(() => got).toEqual(ids(3));
    await subscription.close();
  });
});
