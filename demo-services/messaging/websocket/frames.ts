import { ServiceError } from '../../errors.js';
import { idOf } from '../message-id.js';
import type { Message, OutgoingMessage } from '../port.js';

/** The frame that sends a message; the gateway's answer carries `context`. */
export function sendFrame({ data, key, properties, eventTime }: OutgoingMessage, context: number): string {
  return JSON.stringify({
    payload: data.toString('base64'),
    context: String(context),
    ...(properties !== undefined && { properties }),
    ...(key !== undefined && key !== '' && { key }),
    ...(eventTime !== undefined && { eventTime: eventTime.toISOString() }),
  });
}

/** The gateway's answer to a message sent. */
export interface SendAnswer {
  readonly context: number;
  /** Message id, or why the message was refused. */
  readonly outcome: string | ServiceError;
}

export function readAnswer(frame: Buffer, topic: string): SendAnswer {
  const { result, messageId, errorMsg, context } = parse(frame);
  const outcome =
    result === 'ok' && messageId !== undefined ? idFrom(messageId) : refusal(result, errorMsg, topic);
  return { context: Number(context ?? Number.NaN), outcome };
}

/** A message as the gateway delivers it; `handle` is what it wants back to settle it. */
export function readMessage(frame: Buffer, topic: string): { message: Message; handle: string } | undefined {
  const { messageId, payload, key, properties, publishTime, eventTime, redeliveryCount } = parse(frame);
  if (messageId === undefined) return undefined;
  const message: Message = {
    id: idFrom(messageId),
    topic,
    data: Buffer.from(payload ?? '', 'base64'),
    ...(key !== undefined && key !== '' && { key }),
    properties: properties ?? {},
    publishTime: new Date(publishTime ?? 0),
    ...(eventTime !== undefined && { eventTime: new Date(eventTime) }),
    redeliveryCount: redeliveryCount ?? 0,
  };
  return { message, handle: messageId };
}

/** Whatever the gateway says; every field is optional because its answers and messages have different ones. */
interface Frame {
  readonly result?: string;
  readonly errorMsg?: string;
  readonly context?: string;
  readonly messageId?: string;
  readonly payload?: string;
  readonly key?: string;
  readonly properties?: Readonly<Record<string, string>>;
  readonly publishTime?: string;
  readonly eventTime?: string;
  readonly redeliveryCount?: number;
}

function parse(frame: Buffer): Frame {
  return JSON.parse(frame.toString());
}

function idFrom(base64: string): string {
  return idOf(Buffer.from(base64, 'base64'));
}

/** `result` is `send-error:N` with a number of Pulsar's WebSocketError; the cause stands in the text only. */
function refusal(result = 'no result', text = '', topic: string): ServiceError {
  const info = { where: topic, saw: `${result} ${text}`.slice(0, 300) };
  if (/exceeds|too (big|large)|InvalidMessage/i.test(text)) {
    return new ServiceError('MessageTooLarge', 'the broker refuses the size of the message', info);
  }
  if (/Quota|QueueIsFull|MemoryBufferIsFull|Fenced|ProducerBusy/i.test(text)) {
    return new ServiceError('ProducerBusy', 'the broker takes no message now', info);
  }
  if (/Timeout/i.test(text))
    return new ServiceError('Timeout', 'the broker did not store the message in time', info);
  if (/NotAuthorized|Authorization/i.test(text)) {
    return new ServiceError('AuthorizationFailed', 'the role may not send to this topic', info);
  }
  return new ServiceError('BrokerRefused', 'the WebSocket gateway refuses the message', info);
}
