// A consumer of the lesson, in a process of its own so that it can be killed: a subscription of each type at once.
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { ServiceError } from '../../../../demo-services/errors.js';
import type { Client, ConnectOptions, SubscriptionType } from '../../../../demo-services/messaging/index.js';
import { connect } from '../../../../demo-services/messaging/index.js';
import { type LessonEvent, TYPES } from './events.js';

export interface WorkerOptions {
  readonly consumer: string;
  readonly connection: ConnectOptions;
  readonly topic: string;
  /** Messages at a time, on each subscription. */
  readonly concurrency: number;
  /** What a message takes, ms. */
  readonly workMs: number;
}

const ASK_AGAIN_MS = 300;

const options = JSON.parse(process.env['LESSON'] ?? '') as WorkerOptions;
const { consumer, topic, concurrency, workMs } = options;
// Who reads it is a learner: what is wrong, and no stack.
process.once('uncaughtException', error => {
  const code = error instanceof ServiceError ? `${error.code}: ` : '';
  process.stderr.write(`${code}${error.message}\n`, () => process.exit(1));
});
const stopping = new AbortController();
const client = await connect(options.connection);
process.once('SIGTERM', () => {
  stopping.abort();
  void client.close().then(() => process.exit(0));
});
await Promise.all(TYPES.map(type => join(client, type)));

/** Subscribes; a refused consumer asks again until it gets in. */
async function join(on: Client, type: SubscriptionType): Promise<void> {
  for (let refused = false; !stopping.signal.aborted; await sleep(ASK_AGAIN_MS)) {
    try {
      await on.consumer({
        topic,
        subscription: type.toLowerCase(),
        type,
        name: consumer,
        concurrency,
        receiverQueueSize: concurrency,
        onMessage: async ({ data, key = '' }) => {
          const message = Number(data.toString());
          tell({ at: Date.now(), type, consumer, kind: 'begun', message, key });
          await sleep(workMs);
          tell({ at: Date.now(), type, consumer, kind: 'done', message, key });
        },
      });
      tell({ at: Date.now(), type, consumer, kind: 'joined' });
      return;
    } catch (error) {
      if (stopping.signal.aborted) return;
      if (!(error instanceof ServiceError) || error.code !== 'ConsumerBusy') throw error;
      if (!refused) tell({ at: Date.now(), type, consumer, kind: 'refused' });
      refused = true;
    }
  }
}

function tell(event: LessonEvent): void {
  process.stdout.write(`${JSON.stringify(event)}\n`);
}
