import type { MessageId, Message as NativeMessage, ProducerMessage } from 'pulsar-client';
import type { Message, OutgoingMessage, Sent } from '../port.js';

export function toNative({ data, key, properties, eventTime }: OutgoingMessage): ProducerMessage {
  return {
    data,
    ...(key !== undefined && key !== '' && { partitionKey: key }),
    ...(properties !== undefined && { properties: { ...properties } }),
    ...(eventTime !== undefined && { eventTimestamp: eventTime.getTime() }),
  };
}

export function fromNative(message: NativeMessage, topic: string): Message {
  const key = message.getPartitionKey();
  const eventTime = message.getEventTimestamp();
  return {
    id: textOf(message.getMessageId()),
    topic,
    data: message.getData(),
    ...(key !== '' && { key }),
    properties: propertiesOf(message),
    publishTime: new Date(message.getPublishTimestamp()),
    ...(eventTime !== 0 && { eventTime: new Date(eventTime) }),
    redeliveryCount: message.getRedeliveryCount(),
  };
}

/** What `send` brings. */
export function sentOf(id: MessageId): Sent {
  return new NativeSent(id);
}

/** Its id is made for those who look at it only: the text costs a call into the addon. */
class NativeSent implements Sent {
  readonly #id: MessageId;

  constructor(id: MessageId) {
    this.#id = id;
  }

  get id(): string {
    return textOf(this.#id);
  }
}

/**
 * An id as `message-id.ts` writes it, from libpulsar's `(ledger,entry,partition,index)`, which costs half of what its
 * bytes do; of a message in chunks there are two, the first and the last.
 */
export function textOf(id: MessageId): string {
  const text = id.toString();
  const parts = text.slice(text.lastIndexOf('(') + 1, text.endsWith(',-1)') ? -4 : -1);
  return parts.replaceAll(',', ':');
}

/**
 * The addon gives an array with named keys. A property "length" sets the length of that array, or, if it is no
 * number, makes the addon throw: then none of them can be had.
 */
function propertiesOf(message: NativeMessage): Record<string, string> {
  try {
    return { ...message.getProperties() };
  } catch {
    return {};
  }
}
