import { ServiceError } from '../../errors.js';
import { idOf } from '../message-id.js';
import type { Message, OutgoingMessage } from '../port.js';

/**
 * The frame that sends a message; the gateway's answer carries `context`. Put together by hand, for base64 has nothing
 * to escape, and `JSON.stringify` would look at each of its characters.
 */
export function sendFrame({ data, key, properties, eventTime }: OutgoingMessage, context: number): string {
  let rest = '';
  if (properties !== undefined) rest += `,"properties":${JSON.stringify(properties)}`;
  if (key !== undefined && key !== '') rest += `,"key":${JSON.stringify(key)}`;
  if (eventTime !== undefined) rest += `,"eventTime":"${eventTime.toISOString()}"`;
  return `{"payload":"${data.toString('base64')}","context":"${context}"${rest}}`;
}

/** The frame that acknowledges a message, or, to a reader, makes room for one more. */
export function ackFrame(handle: string): string {
  return `{"messageId":"${handle}"}`;
}

/** The frame that gives a message back. */
export function nackFrame(handle: string): string {
  return `{"type":"negativeAcknowledge","messageId":"${handle}"}`;
}

/** The frame that lets so many more messages come. */
export function permitFrame(count: number): string {
  return `{"type":"permit","permitMessages":${count}}`;
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
  const place = payloadIn(frame);
  const { messageId, payload, key, properties, publishTime, eventTime, redeliveryCount } =
    place === undefined ? parse(frame) : parseWithout(frame, place);
  if (messageId === undefined) return undefined;
  const message: Message = {
    id: idFrom(messageId),
    topic,
    data: Buffer.from(place === undefined ? (payload ?? '') : frame.toString('latin1', ...place), 'base64'),
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

const BEFORE_ID = '{"messageId":"';
const BEFORE_PAYLOAD = '","payload":"';
const QUOTE = 0x22;
/** Parsing a shorter payload costs less than leaving it out. */
const LEAST_LEFT_OUT = 1024;

/**
 * Where the payload of a message stands, if it is long and the frame begins as the gateway's do: with an id and a
 * payload, both in base64.
 */
function payloadIn(frame: Buffer): [start: number, end: number] | undefined {
  if (frame.length < LEAST_LEFT_OUT || frame.toString('latin1', 0, BEFORE_ID.length) !== BEFORE_ID)
    return undefined;
  const afterId = frame.indexOf(QUOTE, BEFORE_ID.length);
  const start = afterId + BEFORE_PAYLOAD.length;
  if (frame.toString('latin1', afterId, start) !== BEFORE_PAYLOAD) return undefined;
  const end = frame.indexOf(QUOTE, start);
  return end < 0 ? undefined : [start, end];
}

/** Everything but the payload, which is most of the frame and needs no JSON to be read. */
function parseWithout(frame: Buffer, [start, end]: readonly [number, number]): Frame {
  return JSON.parse(frame.toString('latin1', 0, start) + frame.toString('utf8', end));
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
