import { setTimeout as sleep } from 'node:timers/promises';
import type { Consumer, ConsumerConfig, Message } from 'pulsar-client';
import { windowOf } from '../consuming/consume.js';
import type { Delivery, Subscribe } from '../consuming/subscription.js';
import type { ConsumerOptions } from '../port.js';
import { fromNative } from './message.js';
import { seekTo } from './seek.js';
import type { Session } from './session.js';

/** Its least: the delay that counts has passed when a message is given back. */
const GIVE_BACK_DELAY_MS = 100;
/** Calls of `receive` under way at a time: they are answered in the order of the calls. */
const RECEIVES = 8;
const PAUSE_AFTER_ERROR_MS = 200;

/**
 * A subscription of libpulsar. It is asked for messages (`receive` without a time-out, which holds no thread) rather
 * than given a listener, which would run one message at a time and keep its thread while the message is handled.
 */
export function subscribeBy(session: Session, options: ConsumerOptions): Subscribe<Message> {
  const { topic } = options;
  const { log } = session.context;
  return async onDelivery => {
    await session.check();
    const consumer = await session.client.subscribe(consumerConfig(options)).catch(async error => {
      throw await session.explain(error, topic);
    });
    const intake = makeIntake(consumer, topic, onDelivery);
    const tell = (error: unknown) => log('debug', 'settle-failed', { topic, reason: String(error) });

    return {
      get connected() {
        return consumer.isConnected();
      },
      permit: intake.permit,
      acknowledge: message => void consumer.acknowledge(message).catch(tell),
      giveBack: message => consumer.negativeAcknowledge(message),
      seek: async position => {
        await seekTo(session.addon, consumer, position).catch(async error => {
          throw await session.explain(error, topic);
        });
      },
      close: async () => {
        intake.stop();
        await consumer.close().catch(tell);
      },
    };
  };
}

/** Receives as many messages as are permitted, in order. */
function makeIntake(consumer: Consumer, topic: string, onDelivery: (delivery: Delivery<Message>) => void) {
  const receiving: Promise<Message>[] = [];
  let credit = 0;
  let stopped = false;
  let looping = false;

  function fill(): void {
    while (!stopped && credit > 0 && receiving.length < RECEIVES) {
      credit--;
      const next = consumer.receive();
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
