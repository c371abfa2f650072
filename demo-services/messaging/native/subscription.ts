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
/** Calls of `receive` under way at a time: they are answered in the order of the calls. */
const RECEIVES = 8;
const PAUSE_AFTER_ERROR_MS = 200;
const RENEWAL = {
  retries: Number.POSITIVE_INFINITY,
  minTimeout: 100,
  maxTimeout: 5_000,
  factor: 2,
  randomize: true,
};

/**
 * A subscription of libpulsar. It is asked for messages (`receive` without a time-out, which holds no thread) rather
 * than given a listener, which would run one message at a time and keep its thread while the message is handled.
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
    let consumer = await subscribe();
    const intake = makeIntake(() => consumer, topic, onDelivery);
    const givingBack = gather<Message>(GATHER_MS, messages => {
      for (const message of messages) consumer.negativeAcknowledge(message);
    });

    async function seek(position: Position): Promise<void> {
      await connected(consumer, operationTimeoutMs).catch(explained);
      await seekTo(session.addon, consumer, position).catch(explained);
      const after = stoodAt(position);
      if (after === undefined) return;
      // Neither is this message to come again, nor may libpulsar's way to hold it back stay: it drops for good, and
      // without a word, what has a lower id, whoever moves the subscription later, and each takes a permit with it.
      await consumer.acknowledgeId(nativeId(session.addon, { after })).catch(tell);
      await renew();
    }

    /** Makes the consumer anew; goes on with it when it takes longer than a caller waits. */
    async function renew(): Promise<void> {
      await consumer.close().catch(tell);
      const renewing = pRetry(subscribe, { ...RENEWAL, signal: closing.signal }).then(async made => {
        if (closing.signal.aborted) await made.close().catch(tell);
        else consumer = made;
      });
      renewing.catch(tell);
      if (await settlesWithin(renewing, operationTimeoutMs)) return;
      throw new ServiceError('ConnectionLost', 'the subscription was moved, and waits for a connection', {
        where: topic,
      });
    }

    return {
      get connected() {
        return consumer.isConnected();
      },
      permit: intake.permit,
      acknowledge: message => void consumer.acknowledge(message).catch(tell),
      giveBack: givingBack.add,
      seek,
      close: async () => {
        closing.abort(new ServiceError('AlreadyClosed', 'the consumer was closed', { where: topic }));
        intake.stop();
        givingBack.stop();
        await consumer.close().catch(tell);
      },
    };
  };
}

/** Receives as many messages as are permitted, in order. */
function makeIntake(
  consumer: () => Consumer,
  topic: string,
  onDelivery: (delivery: Delivery<Message>) => void,
) {
  const receiving: Promise<Message>[] = [];
  let credit = 0;
  let stopped = false;
  let looping = false;

  function fill(): void {
    while (!stopped && credit > 0 && receiving.length < RECEIVES) {
      credit--;
      const next = consumer().receive();
      next.catch(() => undefined);
      receiving.push(next);
    }
    if (!looping && receiving.length > 0) void loop();
  }

  async function loop(): Promise<void> {
    looping = true;
    for (let next = receiving.shift(); next !== undefined; next = receiving.shift()) {
      try {
        const message = await next;
        if (!stopped) onDelivery({ message: fromNative(message, topic), handle: message });
      } catch {
        credit++;
        // Those under way fail all together; after the last of them it is tried again.
        if (receiving.length > 0) continue;
        if (!stopped) await sleep(PAUSE_AFTER_ERROR_MS);
      }
      fill();
    }
    looping = false;
  }

  return {
    permit: (count: number) => {
      credit += count;
      fill();
    },
    stop: () => {
      stopped = true;
    },
  };
}

export function consumerConfig(options: ConsumerOptions): ConsumerConfig {
  const { topic, subscription, type, initialPosition = 'earliest', name } = options;
  return {
    topic,
    subscription,
    subscriptionType: type === 'Key_Shared' ? 'KeyShared' : type,
    subscriptionInitialPosition: initialPosition === 'earliest' ? 'Earliest' : 'Latest',
    receiverQueueSize: windowOf(options).prefetch,
    nAckRedeliverTimeoutMs: GIVE_BACK_DELAY_MS,
    ...(name !== undefined && { consumerName: name }),
  };
}
