import type { Code } from '../../errors.js';

/** Results of libpulsar that say what is wrong; it puts them at the end of its messages. */
const CODES_OF: Readonly<Record<string, Code>> = {
  AuthenticationError: 'AuthenticationFailed',
  AuthorizationError: 'AuthorizationFailed',
  TopicNotFound: 'TopicNotFound',
  InvalidTopicName: 'TopicNotFound',
  ConsumerBusy: 'ConsumerBusy',
  ProducerBusy: 'ProducerBusy',
  ProducerFenced: 'ProducerBusy',
  ProducerQueueIsFull: 'ProducerBusy',
  ProducerBlockedQuotaExceededError: 'ProducerBusy',
  ProducerBlockedQuotaExceededException: 'ProducerBusy',
  MemoryBufferIsFull: 'ProducerBusy',
  MessageTooBig: 'MessageTooLarge',
  SubscriptionNotFound: 'TopicNotFound',
  AlreadyClosed: 'AlreadyClosed',
  TimeOut: 'Timeout',
  ConnectError: 'ConnectionLost',
  NotConnected: 'ConnectionLost',
  Disconnected: 'ConnectionLost',
  Interrupted: 'ConnectionLost',
};

/** Behind these stands one of several causes, which a handshake of our own tells apart. */
const VAGUE = new Set([
  'AuthenticationError',
  'TimeOut',
  'ConnectError',
  'NotConnected',
  'Disconnected',
  'LookupError',
  'Retryable',
  'ErrorGettingAuthenticationData',
  'ReadError',
  'UnknownError',
]);

export function codeOf(message: string): Code {
  return CODES_OF[resultIn(message)] ?? 'BrokerRefused';
}

export function needsProbe(message: string): boolean {
  return VAGUE.has(resultIn(message));
}

/** `Failed to create producer: ConnectError` → `ConnectError`; libpulsar puts `Result` before some of its newer ones. */
function resultIn(message: string): string {
  return /(\w+)$/.exec(message)?.[1]?.replace(/^Result(?=[A-Z])/, '') ?? '';
}
