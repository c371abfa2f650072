import type { Kysely } from 'kysely';
import { type Database, openDatabase } from '../database/index.js';
import { ServiceError } from '../errors.js';
import { type Client, connect, connectOptions, type Reader } from '../messaging/index.js';
import { errorFields, type Log } from '../runtime/log.js';
import { probes } from '../runtime/probe.js';
import { untilItWorks } from '../runtime/retry.js';
import type { Context, Running } from '../runtime/service.js';
import { httpsAgent } from '../runtime/trust.js';
import { s3 } from '../storage/index.js';
import type { Positions } from '../thread/view.js';
import type { WebEnv } from './env.js';
import { followLog, savedPositions, savePositions } from './follow.js';
import type { WebGauges } from './gauges.js';
import { keepHouse } from './housekeeping.js';
import { hubOf } from './hub.js';
import { membershipOf } from './membership.js';
import type { Parts } from './parts.js';
import { presenceOf } from './presence.js';
import { type Recent, recentOf } from './recent.js';
import { relay as relayOf } from './relay.js';
import { plant } from './seed.js';
import { sessionsOf } from './sessions.js';
import { type Signalling, signalling as signallingOf, signalReader } from './signalling.js';
import { listenersOf } from './streaming/engine.js';
import { migrations, type Tables } from './tables.js';
import { remoteView } from './view.js';

/** How long it is not ready for want of broker, store or view, ms. */
const PATIENCE_MS = 15_000;

const MAX_RECENT = { events: 10_000, chars: 16 * 1024 * 1024 };
const SAVE_EVERY_MS = 5_000;
/** The next process begins where this one was so many savings ago: pages that come back are told what they missed. */
const SAVE_BEHIND = 24;

export interface WebContext extends Context<WebEnv> {
  readonly gauges: WebGauges;
}

/**
 * Opens the door as soon as there is a database: people come in, and what they send is kept. Broker and view are joined
 * whenever they come.
 */
export async function start(
  context: WebContext,
  ready: (parts: Parts | undefined) => void,
): Promise<Running> {
  const { env, log } = context;
  const database = await openDatabase<Tables>({ env, owner: 'web', migrations });
  try {
    if (env.SEED_FILE !== undefined) await plant(database.db, env.SEED_FILE);
    const client = await connect({
      ...connectOptions(env),
      log: (level, event, fields) => log[level](event, fields),
    });
    return work(context, database, client, ready);
  } catch (error) {
    await database.close();
    throw error;
  }
}

/** What there is once broker and view have come. */
interface Joined {
  reader?: Reader;
  signalling?: Signalling;
  following?: Awaited<ReturnType<typeof followLog>>;
}

function work(
  { env, log, metrics, tracing, gauges }: WebContext,
  database: Database<Tables>,
  client: Client,
  ready: (parts: Parts | undefined) => void,
): Running {
  const { db } = database;
  const store = s3({
    region: env.AWS_REGION,
    agent: httpsAgent(env.AWS_CA_BUNDLE),
    ...(env.AWS_ENDPOINT_URL_S3 !== undefined && { endpoint: env.AWS_ENDPOINT_URL_S3 }),
  });
  const view = remoteView({
    url: env.THREAD_URL,
    keyFile: env.INTERNAL_KEY_FILE,
    trustFile: env.TLS_TRUST_FILE,
  });
  const joined: Joined = {};
  const signalsArrive = () => joined.reader?.connected === true;
  const membership = membershipOf(db, signalsArrive);
  const sessions = sessionsOf(db, signalsArrive);
  const presence = presenceOf();
  const recent = recentOf(MAX_RECENT);
  const hub = hubOf({
    ...{ membership, recent, log },
    maxPagesPerUser: env.PAGES_PER_PERSON,
    onPresence: () => joined.signalling?.presenceChanged(),
  });
  const relay = relayOf({
    ...{ client, db, log, tracing },
    topics: { audio: env.TOPIC_AUDIO, images: env.TOPIC_IMAGES, signals: env.TOPIC_SIGNALS },
  });
  const buckets = {
    audio: store.bucket(env.BUCKET_AUDIO),
    images: store.bucket(env.BUCKET_IMAGES),
    results: store.bucket(env.BUCKET_RESULTS),
  };
  const house = keepHouse(db, log);
  const listening = listenersOf(env);
  const place = keepPlace(db, recent, log);

  const stopping = new AbortController();
  const until = async <T>(attempt: () => Promise<T>): Promise<T> => {
    const made = await untilItWorks(attempt, stopping.signal, error =>
      log.warn('cannot join yet', errorFields(error)),
    );
    // What came too late is closed with the client.
    stopping.signal.throwIfAborted();
    return made;
  };
  const join = async () => {
    const reader = await until(() => signalReader(client, env.TOPIC_SIGNALS));
    joined.reader = reader;
    const producer = await until(() => client.producer({ topic: env.TOPIC_SIGNALS, name: 'web' }));
    joined.signalling = signallingOf({ reader, producer, hub, membership, sessions, presence, log });
    recent.begin(await until(async () => (await savedPositions(db)) ?? (await view.positions())));
    // At once: a process that is killed in its first seconds leaves to the next one where its pages began.
    await place.save();
    joined.following = await until(() =>
      followLog({
        ...{ client, recent, tracing, tell: hub.tell, told: gauges.told },
        topics: {
          audio: env.TOPIC_AUDIO,
          images: env.TOPIC_IMAGES,
          results: env.TOPIC_RESULTS,
          'audio-dead-letters': env.TOPIC_AUDIO_DEAD_LETTERS,
          'images-dead-letters': env.TOPIC_IMAGES_DEAD_LETTERS,
        },
      }),
    );
    log.info('joined');
  };
  // What waiting cannot mend is a defect, and ends the process.
  void join().catch(error => {
    if (!stopping.signal.aborted) throw error;
  });

  ready({
    ...{ db, view, membership, sessions, hub, recent, presence, relay, tracing, buckets },
    signalling: { tell: signal => joined.signalling?.tell(signal) },
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
        if (joined.following?.connected && joined.reader?.connected) return;
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
  const impatient = Date.now() + PATIENCE_MS;
  return {
    missing: async () => {
      const [names, others] = await Promise.all([missing(), away()]);
      // Whoever comes here in a rollout finds everything, where everything is there.
      return joined.following === undefined && Date.now() < impatient ? [...names, ...others] : names;
    },
    stop: async () => {
      stopping.abort(new ServiceError('Stopping', 'the service is stopping'));
      ready(undefined);
      hub.close();
      await house.stop();
      await relay.stop();
      await joined.following?.stop();
      await joined.signalling?.stop();
      await listening.close();
      await place.stop();
      await view.close();
      await client.close();
      await database.close();
      store.close();
      metrics.ready.set(0);
    },
  };
}

/** Keeps in the database where the next process begins: some time before this one, for the pages that come back. */
function keepPlace(db: Kysely<Tables>, recent: Recent, log: Log) {
  const past: Positions[] = [];
  const save = async () => {
    if (recent.positions === undefined) return;
    past.push(recent.positions);
    if (past.length > SAVE_BEHIND) past.shift();
    await savePositions(db, past[0] ?? recent.positions).catch(error =>
      log.warn('positions not saved', errorFields(error)),
    );
  };
  const saving = setInterval(save, SAVE_EVERY_MS);
  return {
    save,
    stop: async () => {
      clearInterval(saving);
      await save();
    },
  };
}
