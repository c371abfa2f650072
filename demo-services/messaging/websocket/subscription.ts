import { windowOf } from '../consuming/consume.js';
import type { Subscribe } from '../consuming/subscription.js';
import type { ConsumerOptions } from '../port.js';
import { moveCursor } from './admin.js';
import { readMessage } from './frames.js';
import { type LinkContext, openLink } from './link.js';
import { query, topicPath } from './urls.js';

/** The gateway waits this long itself before it hands a message back; its least. */
const GIVE_BACK_DELAY_MS = 100;

/**
 * A subscription over one WebSocket, in pull mode: the gateway sends what was permitted and no more. Messages are
 * acknowledged one by one: the gateway knows no other way, and confirms nothing.
 */
export function subscribeOver(context: LinkContext, options: ConsumerOptions): Subscribe<string> {
  const { topic, subscription, type, initialPosition = 'earliest', name } = options;
  return async onDelivery => {
    /** Permitted, and not come yet. */
    let credit = 0;
    /** Said while there was no connection. */
    let unsaid: string[] = [];

    const link = await openLink(context, {
      topic,
      busy: 'ConsumerBusy',
      path: () =>
        `/ws/v2/consumer/${topicPath(topic)}/${encodeURIComponent(subscription)}?${query({
          pullMode: true,
          subscriptionType: type,
          subscriptionInitialPosition: initialPosition === 'earliest' ? 'Earliest' : 'Latest',
          receiverQueueSize: windowOf(options).prefetch,
          negativeAckRedeliveryDelay: GIVE_BACK_DELAY_MS,
          consumerName: name,
        })}`,
      onOpen: () => {
        const late = unsaid;
        unsaid = [];
        for (const command of late) link.send(command);
        if (credit > 0) link.send(permit(credit));
      },
      onMessage: frame => {
        const delivery = readMessage(frame, topic);
        if (delivery === undefined) return;
        credit--;
        onDelivery(delivery);
      },
    });

    /** What is settled while there is no connection is told on the next, before the broker hands it out again. */
    function say(command: string): void {
      if (link.connected) link.send(command);
      else unsaid.push(command);
    }

    return {
      get connected() {
        return link.connected;
      },
      permit: count => {
        credit += count;
        if (link.connected) link.send(permit(count));
      },
      acknowledge: messageId => say(JSON.stringify({ messageId })),
      giveBack: messageId => say(JSON.stringify({ type: 'negativeAcknowledge', messageId })),
      seek: async position => {
        await link.reopen(() => moveCursor(context, { topic, subscription, position }));
      },
      close: () => link.close(),
    };
  };
}

function permit(permitMessages: number): string {
  return JSON.stringify({ type: 'permit', permitMessages });
}
