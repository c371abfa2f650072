import { randomBytes } from 'node:crypto';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';
import { type ConnectOptions, connect } from '../../../../demo-services/messaging/index.js';
import type { PulsarAdmin } from '../../../edges/pulsar-admin.js';
import { PlatformError } from '../../../errors.js';
import { compiled } from '../../../local/compiled.js';
import type { Report } from '../../../report.js';
import { applyTenants } from '../../tenants/index.js';
import { type LessonEvent, type LessonRun, TYPES } from './events.js';
import type { WorkerOptions } from './worker.js';

const CONSUMERS = ['ann', 'ben', 'cleo'] as const;
const [VICTIM] = CONSUMERS;
const MESSAGES = 48;
/** No multiple of the consumers, or round robin would give each key to one of them. */
const KEYS = 8;
const SEND_EVERY_MS = 80;
const CONCURRENCY = 3;
const WORK_MS = 400;
/** Messages that the victim has finished on its busiest subscription before it is killed. */
const KILL_AFTER = 9;
const TIMEOUT_MS = 60_000;
const POLL_MS = 20;

export interface LessonOptions {
  readonly connection: ConnectOptions;
  readonly admin: PulsarAdmin;
  /** Tenant in which the lesson has a namespace of its own, for as long as it lasts. */
  readonly tenant: string;
  readonly report: Report;
  readonly signal: AbortSignal;
}

/** Sends one stream, has three consumers take it from a subscription of each type, and kills the first at work. */
export async function runLesson(options: LessonOptions): Promise<LessonRun> {
  const { admin, tenant, report } = options;
  const namespace = `${tenant}/lesson-${randomBytes(3).toString('hex')}`;
  // Of partition 0 the first consumer by name is the active one of a Failover subscription: not chance, as without partitions.
  const stream = `persistent://${namespace}/stream`;
  const topic = `${stream}-partition-0`;
  await applyTenants(admin, {
    tenants: [tenant],
    namespaces: [{ name: namespace, retention: { seconds: 3600, sizeMiB: 64 } }],
    topics: [{ alias: 'stream', name: stream, partitions: 1 }],
    roles: [],
  });
  try {
    return await withConsumers(topic, options);
  } finally {
    // What was seen is worth more than that nothing stays.
    await remove(namespace, admin).then(
      () => report.success('lesson', 'its topic is removed'),
      (error: Error) => report.warning('lesson', `namespace ${namespace} is left behind: ${error.message}`),
    );
  }
}

async function remove(namespace: string, admin: PulsarAdmin): Promise<void> {
  await admin.send('DELETE', `persistent/${namespace}/stream/partitions?force=true`);
  await admin.send('DELETE', `namespaces/${namespace}`);
}

async function withConsumers(topic: string, options: LessonOptions): Promise<LessonRun> {
  const { connection, report, signal } = options;
  const events: LessonEvent[] = [];
  const workers: ReturnType<typeof startWorker>[] = [];
  const until = waiter(signal, () => workers.find(worker => worker.failure() !== undefined)?.failure());
  const answered = (name: string) => events.filter(event => event.consumer === name && !('message' in event));
  const client = await connect(connection);
  try {
    for (const consumer of CONSUMERS) {
      const worker = { consumer, connection, topic, concurrency: CONCURRENCY, workMs: WORK_MS };
      workers.push(startWorker(worker, event => events.push(event)));
      await until(() => answered(consumer).length >= TYPES.length, `${consumer} has subscribed`);
      const refused = answered(consumer).filter(({ kind }) => kind === 'refused');
      report.action(
        consumer,
        refused.length === 0 ? 'joins all four' : `${refused.map(it => it.type)} refuses it`,
      );
    }
    const producer = await client.producer({ topic, name: 'lesson' });
    const firstSentAt = Date.now();
    const sent: number[] = [];
    const sending = (async () => {
      for (let message = 1; message <= MESSAGES; message++) {
        await producer.send({ data: Buffer.from(String(message)), key: `key-${message % KEYS}` });
        sent.push(message);
        await sleep(SEND_EVERY_MS);
      }
    })();
    const done = (name: string) =>
      Math.max(
        ...TYPES.map(type => countDone(events.filter(it => it.type === type && it.consumer === name))),
      );
    await until(() => done(VICTIM) >= KILL_AFTER && isBusy(events, VICTIM), `${VICTIM} is at work`);
    const killedAt = Date.now();
    workers[0]?.kill();
    report.warning(VICTIM, 'killed with -9 while it works');
    await sending;
    const open = () => TYPES.flatMap(type => missing(events, type, sent));
    await until(() => {
      report.progress('lesson', `${open().length} of ${TYPES.length * MESSAGES} messages to be done`);
      return open().length === 0;
    }, 'every message is done on every subscription');
    return {
      transport: client.transport,
      consumers: CONSUMERS,
      victim: VICTIM,
      firstSentAt,
      killedAt,
      sent,
      events,
    };
  } finally {
    await Promise.all(workers.map(worker => worker.stop()));
    await client.close();
  }
}

/** Whether it has a message in hand on every subscription that gave it any. */
function isBusy(events: readonly LessonEvent[], consumer: string): boolean {
  return TYPES.every(type => {
    const own = events.filter(event => event.type === type && event.consumer === consumer);
    const begun = own.filter(({ kind }) => kind === 'begun').length;
    return begun === 0 || begun > countDone(own);
  });
}

function countDone(events: readonly LessonEvent[]): number {
  return events.filter(({ kind }) => kind === 'done').length;
}

function missing(events: readonly LessonEvent[], type: string, sent: readonly number[]): number[] {
  const done = new Set(events.flatMap(it => (it.type === type && it.kind === 'done' ? [it.message] : [])));
  return sent.filter(message => !done.has(message));
}

function startWorker(options: WorkerOptions, onEvent: (event: LessonEvent) => void) {
  const child = execa(process.execPath, [compiled('platform/actions/demo/subscriptions/worker.js')], {
    env: { LESSON: JSON.stringify(options) },
    stdin: 'ignore',
    reject: false,
    cleanup: true,
  });
  let failure: string | undefined;
  let ended = false;
  createInterface({ input: child.stdout }).on('line', line => onEvent(JSON.parse(line) as LessonEvent));
  const end = child.then(({ stderr, signal }) => {
    if (!ended) failure = `${options.consumer} ended: ${signal ?? stderr.slice(-500)}`;
  });
  const finish = async (how: 'SIGTERM' | 'SIGKILL') => {
    ended = true;
    child.kill(how);
    await end;
  };
  return { kill: () => void finish('SIGKILL'), stop: () => finish('SIGTERM'), failure: () => failure };
}

function waiter(signal: AbortSignal, failure: () => string | undefined) {
  return async (holds: () => boolean, what: string): Promise<void> => {
    const deadline = Date.now() + TIMEOUT_MS;
    while (!holds()) {
      signal.throwIfAborted();
      const saw = failure();
      if (saw !== undefined)
        throw new PlatformError('LessonFailed', 'a consumer of the lesson ended by itself', { saw });
      if (Date.now() > deadline) {
        throw new PlatformError('Timeout', `not within ${TIMEOUT_MS / 1000} s: ${what}`);
      }
      await sleep(POLL_MS);
    }
  };
}
