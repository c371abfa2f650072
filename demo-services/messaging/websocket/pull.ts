import type { Message } from '../port.js';
import { ackFrame, nackFrame, permitFrame, readMessage } from './frames.js';
import { type Link, type LinkContext, openLink } from './link.js';

/** Settlements are gathered for this long: one write for many, and one read in the gateway. */
const GATHER_MS = 2;
const MOST_GATHERED = 200;

export interface PullOptions {
  readonly topic: string;
  /** Path and query of the WebSocket; in pull mode. */
  readonly path: string;
  readonly onMessage: (message: Message, handle: string) => void;
  /** The connection broke, and with it what is not settled of the messages that it brought. */
  readonly onLost: (messageIds: Iterable<string>) => void;
}

/** One WebSocket of a subscription, in pull mode: the gateway sends what was permitted and no more. */
export interface Pull {
  readonly connected: boolean;
  /** Messages that are permitted, and have not come yet. */
  readonly credit: number;
  permit(count: number): void;
  acknowledge(messageId: string): void;
  giveBack(messageId: string): void;
  /** Closes the connection, does something while there is none, and opens another. */
  reopen(meanwhile: () => Promise<void>): Promise<void>;
  close(): Promise<void>;
}

export async function openPull(context: LinkContext, options: PullOptions): Promise<Pull> {
  const { topic, path, onMessage } = options;
  let credit = 0;
  /** Brought by the connection that there is, and not settled. */
  let inHand = new Set<string>();
  /** What is settled while there is no connection is told on the next, before the broker hands it out again. */
  let unsaid: string[] = [];
  let timer: NodeJS.Timeout | undefined;

  const link: Link = await openLink(context, {
    topic,
    busy: 'ConsumerBusy',
    path: () => path,
    onOpen: () => {
      // On the first connection there is nothing to say, and no `link` yet.
      if (unsaid.length > 0) flush();
      if (credit > 0) link.send(permitFrame(credit));
    },
    onMessage: frame => {
      const delivery = readMessage(frame, topic);
      if (delivery === undefined) return;
      credit--;
      inHand.add(delivery.handle);
      onMessage(delivery.message, delivery.handle);
    },
    onDown: () => {
      options.onLost(inHand);
      inHand = new Set();
    },
  });

  function settle(messageId: string, frame: string): void {
    inHand.delete(messageId);
    unsaid.push(frame);
    if (unsaid.length >= MOST_GATHERED) flush();
    else timer ??= setTimeout(flush, GATHER_MS);
  }

  function flush(): void {
    clearTimeout(timer);
    timer = undefined;
    if (!link.connected) return;
    const frames = unsaid;
    unsaid = [];
    for (const frame of frames) link.send(frame);
  }

  return {
    get connected() {
      return link.connected;
    },
    get credit() {
      return credit;
    },
    permit: count => {
      credit += count;
      if (link.connected) link.send(permitFrame(count));
    },
    acknowledge: messageId => settle(messageId, ackFrame(messageId)),
    giveBack: messageId => settle(messageId, nackFrame(messageId)),
    reopen: meanwhile => {
      flush();
      inHand = new Set();
      return link.reopen(meanwhile);
    },
    close: () => {
      flush();
      return link.close();
    },
  };
}
