import { windowOf } from '../consuming/consume.js';
import type { Subscribe } from '../consuming/subscription.js';
import type { ConsumerOptions } from '../port.js';
import { moveCursor } from './admin.js';
import { expectCopies } from './copies.js';
import type { LinkContext } from './link.js';
import { openPull, type Pull } from './pull.js';
import { query, topicPath } from './urls.js';

/** The gateway waits this long itself before it hands a message back; its least. */
const GIVE_BACK_DELAY_MS = 100;
const MOST_SOCKETS = 4;
/** Fewer messages than that do not keep a socket busy. */
const LEAST_A_SOCKET = 100;

/** A message, and the socket that brought it: to the gateway each socket is a consumer of its own. */
export interface Handle {
  readonly pull: Pull;
  readonly messageId: string;
}

/**
 * A subscription over WebSockets. The gateway hands out the messages of a socket one after the other, so a Shared
 * subscription with a long queue has several. Where order counts there is one. Messages are acknowledged one by one:
 * the gateway knows no other way, and confirms nothing.
 */
export function subscribeOver(context: LinkContext, options: ConsumerOptions): Subscribe<Handle> {
  const { topic, subscription } = options;
  return async onDelivery => {
    const pulls: Pull[] = [];
    const copies = expectCopies();
    try {
      for (const path of pathsOf(options)) {
        const pull: Pull = await openPull(context, {
          topic,
          path,
          onMessage: (message, messageId) => {
            if (!copies.isDone(messageId)) return onDelivery({ message, handle: { pull, messageId } });
            pull.acknowledge(messageId);
            pull.permit(1);
          },
          onLost: copies.lost,
        });
        pulls.push(pull);
      }
    } catch (error) {
      await Promise.all(pulls.map(pull => pull.close()));
      throw error;
    }

    return {
      get connected() {
        return pulls.every(({ connected }) => connected);
      },
      permit: count => share(pulls, count),
      acknowledge: ({ pull, messageId }) => {
        copies.acknowledged(messageId);
        pull.acknowledge(messageId);
      },
      giveBack: ({ pull, messageId }) => pull.giveBack(messageId),
      seek: async position => {
        copies.clear();
        const move = () => moveCursor(context, { topic, subscription, position });
        await pulls.reduce<() => Promise<void>>((inner, pull) => () => pull.reopen(inner), move)();
      },
      close: async () => {
        await Promise.all(pulls.map(pull => pull.close()));
      },
    };
  };
}

/** To those first that have least: one that gets no messages must not gather what others could use. */
export function share(pulls: readonly Pick<Pull, 'credit' | 'permit'>[], count: number): void {
  const portion = Math.ceil(count / pulls.length);
  for (let left = count; left > 0; left -= portion) {
    const [poorest] = [...pulls].sort((a, b) => a.credit - b.credit);
    poorest?.permit(Math.min(portion, left));
  }
}

/** Path and query of each socket. */
export function pathsOf(options: ConsumerOptions): string[] {
  const { topic, subscription, type, initialPosition = 'earliest', name } = options;
  const { here, prefetch } = windowOf(options);
  const most = type === 'Shared' ? MOST_SOCKETS : 1;
  const sockets = Math.max(1, Math.min(most, Math.floor((here + prefetch) / LEAST_A_SOCKET)));
  return Array.from({ length: sockets }, (_, index) => {
    const parameters = query({
      pullMode: true,
      subscriptionType: type,
      subscriptionInitialPosition: initialPosition === 'earliest' ? 'Earliest' : 'Latest',
      receiverQueueSize: Math.ceil(prefetch / sockets),
      negativeAckRedeliveryDelay: GIVE_BACK_DELAY_MS,
      consumerName: name !== undefined && sockets > 1 ? `${name}-${index + 1}` : name,
    });
    return `/ws/v2/consumer/${topicPath(topic)}/${encodeURIComponent(subscription)}?${parameters}`;
  });
}
