import type { Consumer, Message } from 'pulsar-client';
import { describe, expect, it } from 'vitest';
import { ServiceError } from '../../errors.js';
import type { Session } from './session.js';
import { subscribeBy } from './subscription.js';

const topic = 'persistent://t/n/x';

/** As much of a consumer of the addon as a subscription calls; it does what the sources of 1.18.0 say. */
class StandIn {
  readonly calls: string[] = [];
  #waiting: { resolve: (message: Message) => void; reject: (error: Error) => void }[] = [];
  #queue: Message[] = [];
  #closed = false;

  isConnected(): boolean {
    return !this.#closed;
  }
  receive(): Promise<Message> {
    if (this.#closed) return Promise.reject(new Error('Failed to receive message: AlreadyClosed'));
    const next = this.#queue.shift();
    if (next !== undefined) return Promise.resolve(next);
    return new Promise((resolve, reject) => this.#waiting.push({ resolve, reject }));
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
      subscribe: async () => {
        if (fails(attempt++)) throw new Error('Failed to create consumer: ConnectError');
        const consumer = new StandIn();
        consumers.push(consumer);
        return consumer as unknown as Consumer;
      },
    },
  };
  return session as unknown as Session;
}

async function subscribed(session: Session) {
  const got: string[] = [];
  const options = { topic, subscription: 's', type: 'Exclusive', onMessage: async () => undefined } as const;
  const subscription = await subscribeBy(session, options)(({ message }) => void got.push(message.id));
  subscription.permit(3);
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
