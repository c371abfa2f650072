import { ServiceError } from '../../errors.js';
import type { OutgoingMessage, Producer, ProducerOptions, Sent } from '../port.js';
import type { Channel } from './channel.js';
import { makeGate } from './gate.js';
import { checkOutgoing, sizeOf } from './outgoing.js';
import { makeTally, type Wave } from './tally.js';

const DEFAULT_MAX_PENDING = 1000;
/** Bytes that may be under way at a time: a thousand messages of 5 MiB would not fit into a container. */
const MAX_PENDING_BYTES = 64 * 1024 * 1024;

/** Makes a producer of a transport's channel: checks messages, bounds what is under way, and drains on close. */
export function produce(channel: Channel, options: ProducerOptions, maxMessageBytes: number): Producer {
  const { topic, maxPending = DEFAULT_MAX_PENDING } = options;
  const gate = makeGate(maxPending, MAX_PENDING_BYTES);
  const tally = makeTally();
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

  /** A transport may throw too, on what it can't encode. */
  function sending(message: OutgoingMessage): Promise<Sent> {
    try {
      return channel.send(message);
    } catch (error) {
      return Promise.reject(error);
    }
  }

  function hand(message: OutgoingMessage, size: number, wave: Wave): Promise<Sent> {
    const settle = () => {
      gate.leave(size);
      tally.end(wave);
    };
    if (broken) {
      settle();
      return Promise.reject(broken.error);
    }
    const sent = sending(message);
    if (options.numbered) {
      sent.catch(error => {
        broken ??= { error };
      });
    }
    sent.then(settle, settle);
    return sent;
  }

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
      const wave = tally.begin();
      const room = gate.enter(size);
      return room === undefined ? hand(message, size, wave) : room.then(() => hand(message, size, wave));
    },
    flush: tally.ended,
    async close() {
      if (closed) return;
      closed = true;
      await tally.ended();
      await channel.close();
    },
  };
}
