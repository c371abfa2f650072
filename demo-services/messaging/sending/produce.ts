import { ServiceError } from '../../errors.js';
import type { OutgoingMessage, Producer, ProducerOptions, Sent } from '../port.js';
import type { Channel } from './channel.js';
import { makeGate } from './gate.js';
import { checkOutgoing, sizeOf } from './outgoing.js';

const DEFAULT_MAX_PENDING = 1000;
/** Bytes that may be under way at a time: a thousand messages of 5 MiB would not fit into a container. */
const MAX_PENDING_BYTES = 64 * 1024 * 1024;

/** Makes a producer of a transport's channel: checks messages, bounds what is under way, and drains on close. */
export function produce(channel: Channel, options: ProducerOptions, maxMessageBytes: number): Producer {
  const { topic, maxPending = DEFAULT_MAX_PENDING } = options;
  const gate = makeGate(maxPending, MAX_PENDING_BYTES);
  const pending = new Set<Promise<unknown>>();
  let closed = false;
  /** Why a numbered producer sends nothing more. */
  let broken: { readonly error: unknown } | undefined;

  /** @returns its size */
  function checked(message: OutgoingMessage): number {
    if (closed) throw new ServiceError('AlreadyClosed', 'the producer is closed', { where: topic });
    const size = sizeOf(message);
    checkOutgoing(message, size, maxMessageBytes, topic);
    return size;
  }

  async function handLater(message: OutgoingMessage, size: number, room: Promise<void>): Promise<Sent> {
    waiting.add(room);
    await room;
    waiting.delete(room);
    return hand(message, size);
  }

  function hand(message: OutgoingMessage, size: number): Promise<Sent> {
    if (broken) {
      gate.leave(size);
      return Promise.reject(broken.error);
    }
    const sent = channel.send(message);
    if (options.numbered) {
      sent.catch(error => {
        broken ??= { error };
      });
    }
    pending.add(sent);
    const settle = () => {
      pending.delete(sent);
      gate.leave(size);
    };
    sent.then(settle, settle);
    return sent;
  }

  async function flush(): Promise<void> {
    await Promise.allSettled(waiting);
    await Promise.allSettled(pending);
  }
  const waiting = new Set<Promise<unknown>>();

  return {
    get connected() {
      return channel.connected;
    },
    // Without `async`, and so without a promise more for each message: they are what an adapter costs.
    send(message) {
      let size: number;
      try {
        size = checked(message);
      } catch (error) {
        return Promise.reject(error);
      }
      const room = gate.enter(size);
      return room === undefined ? hand(message, size) : handLater(message, size, room);
    },
    flush,
    async close() {
      if (closed) return;
      closed = true;
      await flush();
      await channel.close();
    },
  };
}
