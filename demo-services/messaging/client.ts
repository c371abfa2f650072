import { ServiceError } from '../errors.js';
import { consume } from './consuming/consume.js';
import type { Log } from './log.js';
import type { Client, ConsumerOptions, Producer, ProducerOptions } from './port.js';
import { produce } from './sending/produce.js';
import { topicParts } from './topic-name.js';
import type { Adapter } from './transport.js';

/** A dead letter is its message and the properties that tell why; those fit into this. */
const DEAD_LETTER_BYTES = 16 * 1024;

export interface ClientOptions {
  readonly maxMessageBytes: number;
  readonly log: Log;
}

/** The port on an adapter. */
export function makeClient<Handle>(
  adapter: Adapter<Handle>,
  { maxMessageBytes, log }: ClientOptions,
): Client {
  /** Those too that are still being made: they are closed as soon as they are there. */
  const parts = new Set<Promise<{ close(): Promise<void> }>>();
  let closing: Promise<void> | undefined;

  async function keep<Part extends { close(): Promise<void> }>(
    { topic }: { readonly topic: string },
    making: () => Promise<Part>,
  ): Promise<Part> {
    if (closing) throw new ServiceError('AlreadyClosed', 'the client is closed', { where: topic });
    topicParts(topic);
    const part = making();
    parts.add(part);
    const forget = () => parts.delete(part);
    part.then(made => afterClose(made, forget), forget);
    return part;
  }

  async function shut(): Promise<void> {
    await Promise.all(Array.from(parts, part => part.then(made => made.close(), ignore)));
    await adapter.close();
  }

  async function producer(options: ProducerOptions, limit = maxMessageBytes): Promise<Producer> {
    return produce(await adapter.channel(options), options, limit);
  }

  async function consumer(options: ConsumerOptions) {
    const { deadLetter, subscription, name = subscription } = options;
    // Made first: that the role may not write dead letters is better known now than at the first of them.
    const deadLetters =
      deadLetter &&
      (await producer(
        { topic: deadLetter.topic, name: `${name}-dead-letters` },
        maxMessageBytes + DEAD_LETTER_BYTES,
      ));
    try {
      return await consume(adapter.subscribe(options), options, { log, ...(deadLetters && { deadLetters }) });
    } catch (error) {
      await deadLetters?.close();
      throw error;
    }
  }

  return {
    transport: adapter.transport,
    producer: options => keep(options, () => producer(options)),
    consumer: options => keep(options, () => consumer(options)),
    reader: options => keep(options, () => adapter.reader(options)),
    close: () => {
      closing ??= shut();
      return closing;
    },
  };
}

/** Has something done when a part is closed: who makes and closes many must not be kept from their memory. */
function afterClose<Part extends { close(...options: unknown[]): Promise<void> }>(
  part: Part,
  done: () => void,
): void {
  const close = part.close.bind(part);
  part.close = (...options) => close(...options).finally(done);
}

function ignore(): void {
  // Who wanted a part that could not be made was told.
}
