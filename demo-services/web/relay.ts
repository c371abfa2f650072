import { setTimeout as sleep } from 'node:timers/promises';
import type { Kysely } from 'kysely';
import { z } from 'zod';
import { ServiceError } from '../errors.js';
import type { Client, Producer } from '../messaging/index.js';
import { errorFields, type Log } from '../runtime/log.js';
import { inSpan, type SpanProps, type Tracing } from '../runtime/span.js';
import { untilIdle } from '../thread/batches.js';
import { OUTBOX_TOPICS, type OutboxTopic, type Tables } from './tables.js';

export interface RelayProps {
  readonly client: Client;
  readonly db: Kysely<Tables>;
  /** Full names by alias. */
  readonly topics: Readonly<Record<OutboxTopic, string>>;
  readonly log: Log;
  readonly tracing: Tracing;
}

export interface Relay {
  /** There is something new in the outbox. */
  wake(): void;
  /** Why it publishes nothing, when only somebody can mend it. */
  readonly refusal: ServiceError | undefined;
  stop(): Promise<void>;
}

type Row = Pick<Tables['web_outbox'], 'number' | 'thread' | 'body' | 'created_at'>;

const BATCH = 200;
/** The id of a message that the broker knew already. */
const DROPPED = '-1:-1:-1';
/** How far clocks of processes may be apart, and how long a topic may be silent before its end is believed, ms. */
const CLOCKS_MS = 30_000;
const IDLE_MS = 5_000;
/** Other processes write to the same outbox: so often it is looked at, ms. */
const POLL_MS = 100;
const RETRY_MS = 500;
/** How long another process may be the one that publishes until it is asked again, ms. */
const STANDBY_MS = 1_000;

/**
 * Publishes what is in the outbox, in its order. The number of a row is the sequence of the message under a producer's
 * name that outlives processes: what was sent, but not yet taken out when a process died, is sent again under its
 * number, and the broker drops it. The broker lets one producer of a name in, so of many processes one publishes.
 */
export function relay(props: RelayProps): Relay {
  const stopping = new AbortController();
  const bells = new Set<() => void>();
  const rest = (ms: number) =>
    new Promise<void>(resolve => {
      const done = () => {
        clearTimeout(timer);
        bells.delete(done);
        resolve();
      };
      const timer = setTimeout(done, ms);
      bells.add(done);
    });
  const wake = () => {
    for (const bell of [...bells]) bell();
  };
  const refusals = new Map<OutboxTopic, ServiceError>();
  const loops = OUTBOX_TOPICS.map(topic => keepPublishing(topic, props, rest, refusals, stopping.signal));
  return {
    wake,
    get refusal() {
      return [...refusals.values()][0];
    },
    stop: async () => {
      stopping.abort();
      wake();
      await Promise.all(loops);
    },
  };
}

async function keepPublishing(
  topic: OutboxTopic,
  props: RelayProps,
  rest: (ms: number) => Promise<void>,
  refusals: Map<OutboxTopic, ServiceError>,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    let wait = RETRY_MS;
    try {
      await publish(topic, props, rest, () => refusals.delete(topic), signal);
    } catch (error) {
      const code = error instanceof ServiceError ? error.code : undefined;
      if (error instanceof ServiceError && error.code === 'OutboxBehindLog') refusals.set(topic, error);
      // Another process publishes: what was wrong here is over.
      if (code === 'ProducerBusy') refusals.delete(topic);
      if (code === 'ProducerBusy' || code === 'OutboxBehindLog') wait = STANDBY_MS;
      const level = code === 'ProducerBusy' ? 'debug' : code === 'OutboxBehindLog' ? 'error' : 'warn';
      props.log[level]('not published', { topic, ...errorFields(error) });
    }
    if (!signal.aborted) await sleep(wait, undefined, { signal }).catch(() => undefined);
  }
}

async function publish(
  topic: OutboxTopic,
  { client, db, topics, tracing }: RelayProps,
  rest: (ms: number) => Promise<void>,
  published: () => void,
  signal: AbortSignal,
): Promise<void> {
  const { producer: name } = await db.selectFrom('web_state').select('producer').executeTakeFirstOrThrow();
  let next = await firstOf(db, topic);
  const producer = await client.producer({
    topic: topics[topic],
    numbered: { producer: `${name}-${topic}`, next },
  });
  try {
    // Whoever published before may have gone on until the broker let this one in.
    if ((await firstOf(db, topic)) !== next) return;
    while (!signal.aborted) {
      const rows = await db
        .selectFrom('web_outbox')
        .select(['number', 'thread', 'body', 'created_at'])
        .where('topic', '=', topic)
        .where('number', '>=', next)
        .orderBy('number')
        .limit(BATCH)
        .execute();
      if (rows.length === 0) {
        await rest(POLL_MS);
        continue;
      }
      const known = await sendAll(producer, rows, next, tracing);
      if (known.length > 0) await mustBeInLog(client, topics[topic], known);
      published();
      next += rows.length;
      await db.deleteFrom('web_outbox').where('topic', '=', topic).where('number', '<', next).execute();
    }
  } finally {
    await producer.close();
  }
}

/** @returns those that the broker dropped, since it knows their numbers */
async function sendAll(
  producer: Producer,
  rows: readonly Row[],
  first: number,
  tracing: Tracing,
): Promise<Row[]> {
  const sent = rows.map(({ number, thread, body }, i) => {
    if (number !== first + i) throw new RangeError(`the outbox lacks number ${first + i}`);
    const send = () => producer.send({ data: Buffer.from(body), key: thread });
    return tracing.collected ? inSpan(tracing, spanOf(body), send) : send();
  });
  const outcomes = await Promise.allSettled(sent);
  const failed = outcomes.find(outcome => outcome.status === 'rejected');
  if (failed) throw failed.reason;
  return rows.filter((_, i) => {
    const outcome = outcomes[i];
    return outcome?.status === 'fulfilled' && outcome.value.id === DROPPED;
  });
}

/**
 * A number that the broker knows was sent before this process came, or over a connection that broke: then the log has
 * this very message. If it has not, another message had the number: the database is older than the log.
 *
 * @throws OutboxBehindLog
 */
async function mustBeInLog(client: Client, topic: string, rows: readonly Row[]): Promise<void> {
  const wanted = new Set(rows.map(({ body }) => body));
  const oldest = Math.min(...rows.map(row => row.created_at));
  const reader = await client.reader({
    topic,
    start: { time: new Date(oldest - CLOCKS_MS) },
    name: 'web-outbox',
  });
  try {
    for await (const { data } of untilIdle(reader, IDLE_MS)) {
      wanted.delete(data.toString());
      if (wanted.size === 0) return;
    }
  } finally {
    await reader.close();
  }
  const lost = rows.find(({ body }) => wanted.has(body));
  throw new ServiceError('OutboxBehindLog', 'the log has another message under a number of the outbox', {
    where: topic,
    saw: `number ${lost?.number}`,
    want: 'a producer name of its own for a database that was restored',
  });
}

function spanOf(body: string): SpanProps {
  const { id, traceparent } = told.parse(JSON.parse(body));
  return {
    name: 'send',
    kind: 'producer',
    parent: traceparent,
    attributes: {
      'messaging.system': 'pulsar',
      'messaging.operation.name': 'send',
      ...(id !== undefined && { 'messaging.message.id': id }),
    },
  };
}

const told = z.object({ id: z.string().optional(), traceparent: z.string().optional() });

/** Number of the first message that the log may lack. */
async function firstOf(db: Kysely<Tables>, topic: OutboxTopic): Promise<number> {
  const { next } = await db
    .selectFrom('web_counters')
    .select('next')
    .where('topic', '=', topic)
    .executeTakeFirstOrThrow();
  const { first } = await db
    .selectFrom('web_outbox')
    .select(({ fn }) => fn.min('number').as('first'))
    .where('topic', '=', topic)
    .executeTakeFirstOrThrow();
  return first === null ? next : Number(first);
}
