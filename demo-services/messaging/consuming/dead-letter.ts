import type { Message, OutgoingMessage } from '../port.js';

/** Why and whence a dead letter came. */
export interface DeadLetter {
  /** A code of `demo-services/errors.ts`. */
  readonly code: string;
  readonly reason: string;
  readonly topic: string;
  readonly subscription: string;
  /** Id of the message that it is a copy of. */
  readonly messageId: string;
  readonly time: Date;
  readonly attempts: number;
}

/** The first three are the names that Pulsar's own clients give them. */
const PROPERTY = {
  topic: 'REAL_TOPIC',
  subscription: 'REAL_SUBSCRIPTION',
  messageId: 'ORIGIN_MESSAGE_ID',
  code: 'DEAD_LETTER_CODE',
  reason: 'DEAD_LETTER_REASON',
  time: 'DEAD_LETTER_TIME',
  attempts: 'DEAD_LETTER_ATTEMPTS',
} as const;
const REASON_LIMIT = 500;

/** The message as it goes into the dead-letter topic: itself, and properties that tell why. */
export function toDeadLetter(message: Message, letter: DeadLetter): OutgoingMessage {
  const { data, key, properties, eventTime } = message;
  return {
    data,
    ...(key !== undefined && { key }),
    ...(eventTime !== undefined && { eventTime }),
    properties: {
      ...properties,
      [PROPERTY.topic]: letter.topic,
      [PROPERTY.subscription]: letter.subscription,
      [PROPERTY.messageId]: letter.messageId,
      [PROPERTY.code]: letter.code,
      [PROPERTY.reason]: letter.reason.slice(0, REASON_LIMIT),
      [PROPERTY.time]: letter.time.toISOString(),
      [PROPERTY.attempts]: String(letter.attempts),
    },
  };
}

/** What a message of a dead-letter topic tells of itself; undefined if it is no dead letter. */
export function deadLetterOf({ properties }: Pick<Message, 'properties'>): DeadLetter | undefined {
  const code = properties[PROPERTY.code];
  if (code === undefined) return undefined;
  return {
    code,
    reason: properties[PROPERTY.reason] ?? '',
    topic: properties[PROPERTY.topic] ?? '',
    subscription: properties[PROPERTY.subscription] ?? '',
    messageId: properties[PROPERTY.messageId] ?? '',
    time: new Date(properties[PROPERTY.time] ?? 0),
    attempts: Number(properties[PROPERTY.attempts] ?? 0),
  };
}

/** The message as it was before it became a dead letter, to be sent to its topic again. */
export function replayOf(message: Message): OutgoingMessage {
  const { data, key, properties, eventTime } = message;
  const added: readonly string[] = Object.values(PROPERTY);
  return {
    data,
    ...(key !== undefined && { key }),
    ...(eventTime !== undefined && { eventTime }),
    properties: Object.fromEntries(Object.entries(properties).filter(([name]) => !added.includes(name))),
  };
}
