import { type Database, openDatabase } from '../database/index.js';
import { ServiceError } from '../errors.js';
import { type Client, connect, connectOptions } from '../messaging/index.js';
import { errorFields } from '../runtime/log.js';
import { probes } from '../runtime/probe.js';
import type { Context, Running } from '../runtime/service.js';
import { httpsAgent } from '../runtime/trust.js';
import { type ObjectStore, s3 } from '../storage/index.js';
import type { WebEnv } from './env.js';
import { followLog, savedPositions, savePositions } from './follow.js';
import type { WebGauges } from './gauges.js';
import { keepHouse } from './housekeeping.js';
import { hubOf } from './hub.js';
import { membershipOf } from './membership.js';
import type { Parts } from './parts.js';
import { presenceOf } from './presence.js';
import { recentOf } from './recent.js';
import { relay as relayOf } from './relay.js';
import { plant } from './seed.js';
import { signalling as signallingOf, signalReader } from './signalling.js';
import { listenersOf } from './streaming/engine.js';
import { migrations, type Tables } from './tables.js';
import { remoteView } from './view.js';

const MAX_RECENT = { events: 10_000, chars: 16 * 1024 * 1024 };
const SAVE_EVERY_MS = 5_000;
/** The next process begins where this one was so many savings ago: pages that come back are told what they missed. */
const SAVE_BEHIND = 24;

export interface WebContext extends Context<WebEnv> {
  readonly gauges: WebGauges;
}

/** Connects everything, and gives it to `ready` while it works. */
export async function start(
  context: WebContext,
  ready: (parts: Parts | undefined) => void,
): Promise<Running> {
  const { env, log } = context;
  const database = await openDatabase<Tables>({ env, owner: 'web', migrations });
  const store = s3({
    region: env.AWS_REGION,
    agent: httpsAgent(env.AWS_CA_BUNDLE),
    ...(env.AWS_ENDPOINT_URL_S3 !== undefined && { endpoint: env.AWS_ENDPOINT_URL_S3 }),
  });
  let client: Client | undefined;
  const closeAll = async () => {
    await client?.close();
    await database.close();
    store.close();
  };
  try {
    if (env.SEED_FILE !== undefined) await plant(database.db, env.SEED_FILE);
    client = await connect({
      ...connectOptions(env),
      log: (level, event, fields) => log[level](event, fields),
    });
    return await work(context, { database, store, client, closeAll }, ready);
  } catch (error) {
    await closeAll();
    throw error;
  }
}

interface Connected {
  readonly database: Database<Tables>;
  readonly store: ObjectStore;
  readonly client: Client;
  readonly closeAll: () => Promise<void>;
}

async function work(
  { env, log, metrics, tracing, gauges }: WebContext,
  { database: { db }, store, client, closeAll }: Connected,
  ready: (parts: Parts | undefined) => void,
): Promise<Running> {
  const view = remoteView({
    url: env.THREAD_URL,
    keyFile: env.INTERNAL_KEY_FILE,
    trustFile: env.TLS_TRUST_FILE,
  });
  const reader = await signalReader(client, env.TOPIC_SIGNALS);
  const membership = membershipOf(db, () => reader.connected);
  const presence = presenceOf();
  const recent = recentOf((await savedPositions(db)) ?? (await view.positions()), MAX_RECENT);
  const hub = hubOf({
    membership,
    recent,
    maxPagesPerUser: env.PAGES_PER_PERSON,
    onPresence: () => signalling.presenceChanged(),
    log,
  });
  const producer = await client.producer({ topic: env.TOPIC_SIGNALS, name: 'web' });
  const signalling = signallingOf({ reader, producer, hub, membership, presence, log });
  const following = await followLog({
    client,
    recent,
    tell: hub.tell,
    told: gauges.told,
    tracing,
    topics: {
      audio: env.TOPIC_AUDIO,
      images: env.TOPIC_IMAGES,
      results: env.TOPIC_RESULTS,
      'audio-dead-letters': env.TOPIC_AUDIO_DEAD_LETTERS,
      'images-dead-letters': env.TOPIC_IMAGES_DEAD_LETTERS,
    },
  });
  const relay = relayOf({
    client,
    db,
    log,
    tracing,
    topics: { audio: env.TOPIC_AUDIO, images: env.TOPIC_IMAGES, signals: env.TOPIC_SIGNALS },
  });
  const buckets = {
    audio: store.bucket(env.BUCKET_AUDIO),
    images: store.bucket(env.BUCKET_IMAGES),
    results: store.bucket(env.BUCKET_RESULTS),
  };
  const house = keepHouse(db, log);
  const listening = listenersOf(env);
  const past = [recent.positions];
  const save = () => {
    past.push(recent.positions);
    const [long = recent.positions] = past.splice(0, Math.max(1, past.length - SAVE_BEHIND));
    past.unshift(long);
    return savePositions(db, long).catch(error => log.warn('positions not saved', errorFields(error)));
  };
  // At once: a process that is killed in its first seconds leaves to the next one where its pages began.
  await save();
  const saving = setInterval(save, SAVE_EVERY_MS);
  ready({
    db,
    view,
    membership,
    hub,
    recent,
    presence,
    signalling,
    relay,
    tracing,
    buckets,
    captions: listening.captions,
  });
  // Without these nobody comes in, or what is sent would be lost.
  const missing = probes(
    {
      database: async () => {
        await db.selectFrom('web_state').select('id').execute();
      },
      outbox: async () => {
        if (relay.refusal) throw relay.refusal;
      },
    },
    names => (names.length > 0 ? log.warn('not ready', { missing: names }) : log.info('ready')),
  );
  // Without these people still come in, and what they send is kept.
  const away = probes(
    {
      broker: async () => {
        if (following.connected && reader.connected) return;
        throw new ServiceError('ConnectionLost', 'there is no connection to the broker');
      },
      store: async signal => {
        await buckets.audio.head('ready', { signal });
      },
      thread: async () => {
        await view.positions();
      },
    },
    names => (names.length > 0 ? log.warn('not whole', { missing: names }) : log.info('whole')),
  );
  return {
    missing: async () => {
      const [names] = await Promise.all([missing(), away()]);
      return names;
    },
    stop: async () => {
      clearInterval(saving);
      ready(undefined);
      hub.close();
      await house.stop();
      await relay.stop();
      await following.stop();
      await signalling.stop();
      await listening.close();
      await save();
      await view.close();
      await closeAll();
      metrics.ready.set(0);
    },
  };
}
