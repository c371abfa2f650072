import { randomUUID } from 'node:crypto';
import { ServiceError } from '../../errors.js';
import type { OutgoingMessage, ProducerOptions, Sent } from '../port.js';
import type { Channel } from '../sending/channel.js';
import { sizeOf } from '../sending/outgoing.js';
import { readAnswer, sendFrame } from './frames.js';
import { type LinkContext, openLink } from './link.js';
import { query, topicPath } from './urls.js';

const DEFAULT_SEND_TIMEOUT_MS = 30_000;
const DEADLINE_CHECK_MS = 250;
/** WebSocket close code: a frame was larger than the gateway reads. */
const TOO_LARGE = 1009;
const BATCHING = { batchingEnabled: true, batchingMaxPublishDelay: 5, batchingMaxMessages: 1000 } as const;

interface Pending {
  readonly message: OutgoingMessage;
  readonly deadline: number;
  readonly resolve: (sent: Sent) => void;
  readonly reject: (error: ServiceError) => void;
}

/**
 * Sends over one WebSocket, many messages at a time. The gateway gives the n-th message of a connection the sequence
 * id `initialSequenceId + n`, so the numbers kept here are those that the broker deduplicates by: what is sent again
 * over a new connection, in the same order and from the number of the first that is unacknowledged, keeps its number.
 * A message that the gateway refuses may not have taken a number there; then later ones have a higher number here
 * than they had, and are at worst stored twice, never dropped.
 */
export async function openChannel(context: LinkContext, options: ProducerOptions): Promise<Channel> {
  const {
    topic,
    name = 'producer',
    optimizeFor = 'latency',
    sendTimeoutMs = DEFAULT_SEND_TIMEOUT_MS,
    numbered,
  } = options;
  const producerName = numbered?.producer ?? `${name}-${randomUUID()}`;
  /** By number, in the order of sending. */
  const unacknowledged = new Map<number, Pending>();
  let next = numbered?.next ?? 1;

  const link = await openLink(context, {
    topic,
    busy: 'ProducerBusy',
    path: () => {
      const [first = next] = unacknowledged.keys();
      // A batch has the number of its first message: sent again in other batches, what was not stored could be taken
      // for what was. So with batches the gateway numbers anew, and the broker stores some messages twice instead.
      const sequence = optimizeFor === 'latency' ? { initialSequenceId: first - 1 } : BATCHING;
      return `/ws/v2/producer/${topicPath(topic)}?${query({ producerName, sendTimeoutMillis: 0, ...sequence })}`;
    },
    onOpen: () => {
      for (const [number, { message }] of unacknowledged) link.send(sendFrame(message, number));
    },
    onMessage: frame => {
      const { context: number, outcome } = readAnswer(frame, topic);
      const pending = unacknowledged.get(number);
      unacknowledged.delete(number);
      if (typeof outcome === 'string') pending?.resolve({ id: outcome });
      else refuse(pending, outcome);
    },
    onDown: code => {
      if (code === TOO_LARGE) rejectLargest();
      rejectOverdue();
    },
  });
  const timer = setInterval(rejectOverdue, DEADLINE_CHECK_MS);

  /** Oldest first, which all have the same time. */
  function rejectOverdue(): void {
    for (const [number, pending] of unacknowledged) {
      if (pending.deadline > Date.now()) return;
      const error =
        link.whyDown ??
        new ServiceError('Timeout', 'the broker did not acknowledge in time', { where: topic });
      refuse(pending, error);
      // While the connection stands it keeps its number: the gateway may have it.
      if (!link.connected) unacknowledged.delete(number);
    }
  }

  function refuse(pending: Pending | undefined, error: ServiceError): void {
    pending?.reject(error);
    // Nothing may follow a number that was left out.
    if (numbered) failAll(error);
  }

  function failAll(error: ServiceError): void {
    clearInterval(timer);
    void link.close();
    for (const { reject } of unacknowledged.values()) reject(error);
    unacknowledged.clear();
  }

  /** The gateway doesn't say which frame it found too large; the largest surely was. */
  function rejectLargest(): void {
    let largest: { readonly number: number; readonly size: number } | undefined;
    for (const [number, { message }] of unacknowledged) {
      const size = sizeOf(message);
      if (largest === undefined || size > largest.size) largest = { number, size };
    }
    if (largest === undefined) return;
    const error = new ServiceError('MessageTooLarge', 'the gateway reads no frame of this size', {
      where: topic,
      saw: `${largest.size} bytes`,
      want: 'raise webSocketMaxTextFrameSize of the broker',
    });
    refuse(unacknowledged.get(largest.number), error);
    unacknowledged.delete(largest.number);
  }

  return {
    get connected() {
      return link.connected;
    },
    send: message =>
      new Promise((resolve, reject) => {
        const number = next++;
        unacknowledged.set(number, { message, deadline: Date.now() + sendTimeoutMs, resolve, reject });
        link.send(sendFrame(message, number));
      }),
    async close() {
      await link.close();
      failAll(new ServiceError('AlreadyClosed', 'the producer was closed', { where: topic }));
    },
  };
}
