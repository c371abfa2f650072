import { setTimeout as sleep } from 'node:timers/promises';
import pMap from 'p-map';
import pRetry from 'p-retry';
import { ServiceError, waits } from '../errors.js';
import type { Producer } from '../messaging/index.js';
import type { Bucket } from '../storage/index.js';
import { type Contents, type Letter, letterOf } from './contents.js';
import type { Kind } from './corruption.js';
import type { Sent } from './events.js';
import type { Planned } from './scenario.js';

export interface SendingEnds {
  readonly buckets: Readonly<Record<Kind, Bucket>>;
  readonly producers: Readonly<Record<Kind, Producer>>;
}

export interface Pace {
  /** Messages a second at most. @default - as fast as they can be uploaded */
  readonly rate?: number;
  /** Messages that are uploaded at a time. */
  readonly concurrency: number;
}

export interface SendingHooks {
  /** Called before a message can be anywhere. */
  readonly onLetter: (id: string) => void;
  readonly onSent: (event: Sent) => void;
}

/** While the store or the broker is away. A message that is sent twice has the same id, and so one effect. */
const RETRY = { minTimeout: 200, maxTimeout: 3_000, factor: 2, randomize: true };

/** Sends all messages. What is said in a thread is published in its order, one after the other. */
export async function sendAll(
  messages: readonly Planned[],
  contents: Contents,
  ends: SendingEnds,
  { rate, concurrency }: Pace,
  hooks: SendingHooks,
  signal: AbortSignal,
): Promise<void> {
  const began = Date.now();
  const turns = new Map<string, Promise<unknown>>();
  await pMap(
    messages.entries(),
    async ([index, planned]) => {
      if (rate !== undefined) await sleep(began + (index * 1000) / rate - Date.now(), undefined, { signal });
      const { kind, thread, author, corruption } = planned;
      const before = turns.get(thread);
      const beganAt = Date.now();
      const letter = letterOf(planned, contents, new Date(beganAt));
      hooks.onLetter(letter.id);
      const sending = (async () => {
        await persistently(() => upload(ends.buckets[kind], letter, signal), signal);
        const uploadedAt = Date.now();
        if (kind === 'audio') await before;
        await persistently(() => publish(ends.producers[kind], letter, thread), signal);
        hooks.onSent({
          event: 'sent',
          id: letter.id,
          kind,
          author,
          thread,
          ...(planned.kind === 'audio' && { said: planned.sentence }),
          ...(corruption && { corruption }),
          beganAt,
          uploadedAt,
          sentAt: Date.now(),
        });
      })();
      if (kind === 'audio') turns.set(thread, sending);
      await sending;
    },
    { concurrency, signal },
  );
}

async function upload(bucket: Bucket, { object, bytes }: Letter, signal: AbortSignal): Promise<void> {
  if (bytes === null) return;
  const { key, contentType } = object;
  try {
    await bucket.put(key, bytes, { contentType, ifAbsent: true, signal });
  } catch (error) {
    // An attempt whose answer was lost has stored it.
    if (!(error instanceof ServiceError) || error.code !== 'ObjectExists') throw error;
  }
}

/** The id stands in a property too: a body that nobody can read is still known by it. */
async function publish(producer: Producer, { id, body }: Letter, thread: string): Promise<void> {
  await producer.send({ data: body, key: thread, properties: { id } });
}

function persistently(attempt: () => Promise<void>, signal: AbortSignal): Promise<void> {
  return pRetry(attempt, {
    ...RETRY,
    retries: Number.POSITIVE_INFINITY,
    signal,
    shouldRetry: ({ error }) => waits(error),
  });
}
