import { setTimeout as sleep } from 'node:timers/promises';
import type {
  Client,
  ConnectOptions,
  Consumer,
  ConsumerOptions,
  Message,
  Producer,
  Reader,
} from '../index.js';
import { eventually, type Harness, textOf } from './harness.js';

const INTERVAL_MS = 5;

/** Traffic that goes on whatever happens to the broker, and what became of each message. */
export interface Load {
  readonly producer: Producer;
  readonly consumer: Consumer;
  /** In the order of sending. */
  readonly sent: readonly string[];
  readonly acknowledged: ReadonlySet<string>;
  readonly failed: ReadonlyMap<string, unknown>;
  /** As often as the handler got it. */
  readonly handled: readonly string[];
  /** What a reader saw that was there all the time. */
  readonly read: readonly string[];
  /** Waits until so many more are acknowledged than now. */
  readonly progress: (count: number) => Promise<void>;
  /** Sends no more, and waits until all that was acknowledged is handled and read. */
  readonly finish: () => Promise<void>;
  /** What another consumer gets of the subscription, when its own has left. */
  readonly remaining: () => Promise<string[]>;
  /** What the topic holds, read anew. */
  readonly stored: () => Promise<string[]>;
}

export interface LoadProps extends Partial<Pick<ConsumerOptions, 'concurrency' | 'receiverQueueSize'>> {
  readonly client?: Partial<ConnectOptions>;
  /** How long each handler takes, ms. @default 1 */
  readonly workMs?: number;
}

export async function startLoad(
  { connect, topic }: Harness,
  alias: string,
  { client: overrides, workMs = 1, ...sizes }: LoadProps = {},
): Promise<Load> {
  const client: Client = await connect(overrides);
  const at = { topic: topic(alias) };
  const sent: string[] = [];
  const acknowledged = new Set<string>();
  const failed = new Map<string, unknown>();
  const handled: string[] = [];
  const read: string[] = [];
  let sending = true;

  const producer = await client.producer({ ...at, sendTimeoutMs: 90_000 });
  const reader = await client.reader(at);
  void follow(reader, read);
  const consumer = await client.consumer({
    ...at,
    subscription: 'load',
    type: 'Shared',
    concurrency: 10,
    ...sizes,
    onMessage: async message => {
      await sleep(workMs);
      handled.push(textOf(message));
    },
  });
  const sends = (async () => {
    for (let number = 0; sending; number++) {
      const text = String(number);
      sent.push(text);
      producer.send({ data: Buffer.from(text) }).then(
        () => acknowledged.add(text),
        error => failed.set(text, error),
      );
      await sleep(INTERVAL_MS);
    }
  })();

  const hasAll = (texts: readonly string[]) => {
    const seen = new Set(texts);
    return [...acknowledged].every(text => seen.has(text));
  };

  return {
    producer,
    consumer,
    sent,
    acknowledged,
    failed,
    handled,
    read,
    progress: count => {
      const goal = acknowledged.size + count;
      return eventually(() => acknowledged.size >= goal, `${count} more are acknowledged`, 90_000);
    },
    finish: async () => {
      sending = false;
      await sends;
      await producer.flush();
      await eventually(() => hasAll(handled), 'all that was acknowledged is handled', 60_000);
      await eventually(() => hasAll(read), 'all that was acknowledged is read', 60_000);
    },
    remaining: async () => {
      const texts: string[] = [];
      const onMessage = async (message: Message) => void texts.push(textOf(message));
      const next = await client.consumer({ ...at, subscription: 'load', type: 'Shared', onMessage });
      await producer.send({ data: Buffer.from('end') });
      await eventually(() => texts.includes('end'), 'the end');
      await next.close();
      return texts.filter(text => text !== 'end');
    },
    stored: async () => {
      const texts: string[] = [];
      const anew = await client.reader(at);
      void follow(anew, texts);
      await eventually(() => hasAll(texts), 'all that was acknowledged is stored');
      await sleep(300);
      return texts;
    },
  };
}

async function follow(reader: Reader, texts: string[]): Promise<void> {
  for await (const message of reader) texts.push(textOf(message));
}
