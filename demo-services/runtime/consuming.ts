import type { z } from 'zod';
import type { Envelope } from '../contract/index.js';
import { ServiceError } from '../errors.js';
import {
  type Client,
  connect,
  connectOptions,
  messagingEnv,
  type SubscriptionType,
} from '../messaging/index.js';
import { type Bucket, type ObjectStore, s3 } from '../storage/index.js';
import { storeEnv, variable } from './env.js';
import { type Probe, probes } from './probe.js';
import type { Context, Running } from './service.js';
import { httpsAgent } from './trust.js';
import { type Outcome, worker } from './worker.js';

/** What a service is told that makes results of messages. */
export const consumingEnv = storeEnv.extend(messagingEnv.shape).extend({
  /** Names its subscription too. */
  SERVICE_NAME: variable.text,
  TOPIC_RESULTS: variable.text,
  BUCKET_RESULTS: variable.text,
});

export type ConsumingEnv = z.output<typeof consumingEnv>;

export interface Consuming<Incoming extends Envelope> {
  readonly topic: string;
  readonly deadLetters: string;
  readonly type: SubscriptionType;
  /** Messages worked on at once. */
  readonly concurrency: number;
  readonly schema: z.ZodType<Incoming>;
  /** Gives the work what it needs of the store. */
  readonly work: (
    store: ObjectStore,
    results: Bucket,
  ) => (message: Incoming, signal: AbortSignal) => Promise<Outcome>;
  /** What must answer besides the broker and the store. */
  readonly probes?: Readonly<Record<string, Probe>>;
  /** Bucket that it reads. */
  readonly reads: string;
  /** Closes what the work needs. @default - nothing */
  readonly close?: () => void;
}

const RETRY_DELAY = { minMs: 250, maxMs: 15_000 };

/** Connects to broker and store, and works on messages until it is stopped. */
export async function consume<Incoming extends Envelope>(
  context: Context<ConsumingEnv>,
  props: Consuming<Incoming>,
): Promise<Running> {
  const { env, log } = context;
  const store = storeOf(env);
  const results = store.bucket(env.BUCKET_RESULTS);
  const client = await connect({
    ...connectOptions(env),
    log: (level, event, fields) => log[level](event, fields),
  });
  try {
    const connections = await subscribe(client, context, props, props.work(store, results), results);
    const missing = probes(
      {
        broker: async () => {
          if (!connections.every(({ connected }) => connected)) {
            throw new ServiceError('ConnectionLost', 'there is no connection to the broker');
          }
        },
        store: async signal => {
          for (const bucket of [store.bucket(props.reads), results]) await bucket.head('ready', { signal });
        },
        ...props.probes,
      },
      names => (names.length > 0 ? log.warn('not ready', { missing: names }) : log.info('ready')),
    );
    return {
      missing,
      stop: async timeoutMs => {
        await connections[0].close({ timeoutMs });
        await client.close();
        store.close();
        props.close?.();
      },
    };
  } catch (error) {
    await client.close();
    store.close();
    throw error;
  }
}

async function subscribe<Incoming extends Envelope>(
  client: Client,
  { env, log, metrics, tracing }: Context<ConsumingEnv>,
  { topic, deadLetters, type, concurrency, schema }: Consuming<Incoming>,
  work: (message: Incoming, signal: AbortSignal) => Promise<Outcome>,
  results: Bucket,
) {
  const producer = await client.producer({ topic: env.TOPIC_RESULTS, name: env.SERVICE_NAME });
  const consumer = await client.consumer({
    topic,
    subscription: env.SERVICE_NAME,
    type,
    concurrency,
    retryDelay: RETRY_DELAY,
    deadLetter: { topic: deadLetters },
    onMessage: worker({ schema, work, results: { bucket: results, producer }, log, metrics, tracing }),
  });
  return [consumer, producer] as const;
}

function storeOf(env: ConsumingEnv): ObjectStore {
  return s3({
    region: env.AWS_REGION,
    agent: httpsAgent(env.AWS_CA_BUNDLE),
    ...(env.AWS_ENDPOINT_URL_S3 !== undefined && { endpoint: env.AWS_ENDPOINT_URL_S3 }),
  });
}
