import { setTimeout as sleep } from 'node:timers/promises';
import type { Kysely } from 'kysely';
import { databaseError } from '../database/index.js';
import type { Client, Message, Reader } from '../messaging/index.js';
import { errorFields, type Log } from '../runtime/log.js';
import type { Tracing } from '../runtime/span.js';
import { type Applied, apply } from './apply.js';
import { batches, untilIdle } from './batches.js';
import { partOf, TOPICS, type Topic } from './parts.js';
import type { Replay } from './rebuild.js';
import { spanOfPart } from './spans.js';
import type { Tables } from './tables.js';
import { positionsOf } from './view.js';

export interface FollowProps {
  readonly client: Client;
  readonly db: Kysely<Tables>;
  /** Full names by alias. */
  readonly topics: Readonly<Record<Topic, string>>;
  readonly log: Log;
  readonly tracing: Tracing;
  /** Told of every batch that came into the view. */
  readonly onApplied: (topic: Topic, applied: Applied, last: Message) => void;
}

export interface Following {
  readonly connected: boolean;
  stop(): Promise<void>;
}

const BATCH = 200;
const READ_AHEAD = 500;
const RETRY_MS = 200;
/** A topic whose end is not where the view has it is given up after this time without a message, ms. */
const IDLE_MS = 5_000;

/** Reads every topic from where the view has it, and adds what comes. */
export async function follow(props: FollowProps): Promise<Following> {
  const { client, db, topics } = props;
  const stopping = new AbortController();
  const { generation } = await db.selectFrom('view_state').select('generation').executeTakeFirstOrThrow();
  const positions = await positionsOf(db, generation);
  const reading = await Promise.all(
    TOPICS.map(async topic => {
      const after = positions[topic];
      const start = after === undefined ? 'earliest' : { after };
      const options = { topic: topics[topic], start, name: 'thread', receiverQueueSize: READ_AHEAD } as const;
      return { topic, reader: await client.reader(options) };
    }),
  );
  const loops = reading.map(({ topic, reader }) => loop(topic, reader, props, stopping.signal));
  return {
    get connected() {
      return reading.every(({ reader }) => reader.connected);
    },
    stop: async () => {
      stopping.abort();
      await Promise.all(reading.map(({ reader }) => reader.close()));
      await Promise.all(loops);
    },
  };
}

async function loop(topic: Topic, reader: Reader, props: FollowProps, signal: AbortSignal) {
  for await (const batch of batches(reader, BATCH)) {
    const spans = props.tracing.collected ? spansOf(props.tracing, topic, batch) : [];
    const applied = await untilApplied(topic, batch, props, signal);
    for (const span of spans) span.end(applied === undefined ? 'Stopping' : undefined);
    const last = batch.at(-1);
    if (applied === undefined || last === undefined) return;
    props.onApplied(topic, applied, last);
  }
}

function spansOf(tracing: Tracing, topic: Topic, batch: readonly Message[]) {
  return batch.flatMap(message => {
    const part = partOf(topic, message);
    return part ? [tracing.start(spanOfPart('apply', topic, part))] : [];
  });
}

/** Tries until it is in the view: the log goes nowhere, and skipping would be losing. */
async function untilApplied(
  topic: Topic,
  batch: readonly Message[],
  { db, log }: FollowProps,
  signal: AbortSignal,
): Promise<Applied | undefined> {
  while (!signal.aborted) {
    try {
      const applied = await apply(db, topic, batch);
      if (applied !== undefined) return applied;
    } catch (error) {
      log.warn('not applied', { topic, ...errorFields(databaseError(error)) });
    }
    await sleep(RETRY_MS, undefined, { signal }).catch(() => undefined);
  }
  return undefined;
}

/** Topics from their beginning, for a rebuild. */
export function replayOf(client: Client, topics: Readonly<Record<Topic, string>>): Replay {
  return async function* (topic) {
    const reader = await client.reader({
      topic: topics[topic],
      name: 'rebuild',
      receiverQueueSize: READ_AHEAD,
    });
    try {
      yield* batches(untilIdle(reader, IDLE_MS), BATCH);
    } finally {
      await reader.close();
    }
  };
}
