import { setTimeout as sleep } from 'node:timers/promises';
import pRetry from 'p-retry';
import type { Consumer, ConsumerConfig, Message } from 'pulsar-client';
import { ServiceError } from '../../errors.js';
import { windowOf } from '../consuming/consume.js';
import type { Delivery, Subscribe } from '../consuming/subscription.js';
import type { ConsumerOptions, Position } from '../port.js';
import { settlesWithin } from '../within.js';
import { connected } from './connected.js';
import { gather } from './gather.js';
import { fromNative } from './message.js';
import { nativeId, seekTo, stoodAt } from './seek.js';
import type { Session } from './session.js';

/** Its least: the delay that counts has passed when a message is given back. */
const GIVE_BACK_DELAY_MS = 100;
/**
 * Messages are given back in gusts with a pause between them that is longer than the delay: each one makes libpulsar
 * begin to wait anew, so that under a steady stream none would ever be handed out again (4.2.0).
 */
const GATHER_MS = 200;
/** Messages that are received by one call, at most, and how long such a call waits for so many. */
const BATCH = { messages: 100, timeoutMs: 1 };
const PAUSE_AFTER_ERROR_MS = 200;
const RENEWAL = {
  retries: Number.POSITIVE_INFINITY,
  minTimeout: 100,
  maxTimeout: 5_000,
  factor: 2,
  randomize: true,
};

/**
 * A subscription of libpulsar. It is asked for messages (`receive` without a time-out, and `batchReceive`, which hold no
 * thread) rather than given a listener, which would run one message at a time and keep its thread while the message is
 * handled.
 */
export function subscribeBy(session: Session, options: ConsumerOptions): Subscribe<Message> {
  const { topic } = options;
  const { log, operationTimeoutMs } = session.context;
  const explained = async (error: unknown) => {
    throw await session.explain(error, topic);
  };
  const tell = (error: unknown) => log('debug', 'settle-failed', { topic, reason: String(error) });

  return async onDelivery => {
    await session.check();
    const subscribe = () => session.client.subscribe(consumerConfig(options)).catch(explained);
    const closing = new AbortController();
    /** None while it is made anew. */
    let current: Consumer | undefined = await subscribe();
    const intake = makeIntake(() => current, options, onDelivery);
    const givingBack = gather<Message>(GATHER_MS, messages => {
      for (const message of messages) current?.negativeAcknowledge(message);
    });

    async function seek(position: Position): Promise<void> {
      const consumer = current;
      if (consumer === undefined) throw waiting();
      await connected(consumer, operationTimeoutMs).catch(explained);
      const after = stoodAt(position);
      if (after === undefined) return seekTo(session.addon, consumer, position).catch(explained);
      // Neither is this message to come again, nor may libpulsar's way to hold it back stay: it drops for good, and
      // without a word, what has a lower id, whoever moves the subscription later, and each takes a permit with it.
      // What the consumer brings until it is closed comes again to the one that takes its place.
      current = undefined;
      try {
        await seekTo(session.addon, consumer, position).catch(explained);
        await consumer.acknowledgeId(nativeId(session.addon, { after })).catch(tell);
      } finally {
        await renew(consumer);
      }
    }

    /** Makes another consumer, and goes on trying when that takes longer than a caller waits. */
    async function renew(consumer: Consumer): Promise<void> {
      await consumer.close().catch(tell);
      const renewing = pRetry(subscribe, { ...RENEWAL, signal: closing.signal }).then(async made => {
        if (closing.signal.aborted) return made.close().catch(tell);
        current = made;
        intake.fill();
      });
      renewing.catch(tell);
      if (!(await settlesWithin(renewing, operationTimeoutMs))) throw waiting();
    }

    function waiting(): ServiceError {
      const message = 'the subscription was moved, and waits for a connection';
      return new ServiceError('ConnectionLost', message, { where: topic });
    }

    return {
      get connected() {
        return current?.isConnected() ?? false;
      },
      permit: intake.permit,
      acknowledge: message => void current?.acknowledge(message).catch(tell),
      giveBack: givingBack.add,
      seek,
      close: async () => {
        closing.abort(new ServiceError('AlreadyClosed', 'the consumer was closed', { where: topic }));
        intake.stop();
        givingBack.stop();
        await current?.close().catch(tell);
      },
    };
  };
}

/**
 * Receives as many messages as are permitted, in order; what a former consumer brings is left to come again. The first
 * after a pause is received alone, at once; what flows is received many at a time, for each call costs more than all
 * else that is done here for a message.
 */
function makeIntake(
  current: () => Consumer | undefined,
  options: ConsumerOptions,
  onDelivery: (delivery: Delivery<Message>) => void,
) {
  const { topic } = options;
  const batch = batchOf(options);
  let credit = 0;
  let stopped = false;
  let looping = false;

  async function loop(): Promise<void> {
    looping = true;
    let flows = false;
    for (let from = current(); from !== undefined && credit > 0 && !stopped; from = current()) {
      try {
        const many: boolean = flows && batch > 1 && credit >= batch;
        const messages: Message[] = many ? await from.batchReceive() : [await from.receive()];
        flows = messages.length > 0;
        if (from === current()) deliver(messages);
      } catch {
        flows = false;
        if (from === current() && !stopped) await sleep(PAUSE_AFTER_ERROR_MS);
      }
    }
    looping = false;
  }

  function deliver(messages: readonly Message[]): void {
    credit -= messages.length;
    for (const message of messages) {
      if (stopped) return;
      onDelivery({ message: fromNative(message, topic), handle: message });
    }
  }

  function fill(): void {
    if (!looping) void loop();
  }

  return {
    fill,
    permit: (count: number) => {
      credit += count;
      fill();
    },
    stop: () => {
      stopped = true;
    },
  };
}

/** Half of what may be here, of which so much is permitted at a time. */
function batchOf(options: ConsumerOptions): number {
  const { here, prefetch } = windowOf(options);
  return Math.max(1, Math.min(BATCH.messages, Math.floor(here / 2), prefetch));
}

export function consumerConfig(options: ConsumerOptions): ConsumerConfig {
  const { topic, subscription, type, initialPosition = 'earliest', name } = options;
  return {
    topic,
    subscription,
    subscriptionType: type === 'Key_Shared' ? 'KeyShared' : type,
    subscriptionInitialPosition: initialPosition === 'earliest' ? 'Earliest' : 'Latest',
    receiverQueueSize: windowOf(options).prefetch,
    batchReceivePolicy: { maxNumMessages: batchOf(options), maxNumBytes: 0, timeoutMs: BATCH.timeoutMs },
    nAckRedeliverTimeoutMs: GIVE_BACK_DELAY_MS,
    ...(name !== undefined && { consumerName: name }),
  };
}
