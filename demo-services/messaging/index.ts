export { connect, connectGateway } from './connect.js';
export { type DeadLetter, deadLetterOf, replayOf } from './consuming/dead-letter.js';
export type { Log, LogFields } from './log.js';
export { isAfter } from './message-id.js';
export { type ConnectOptions, connectOptions, messagingEnv } from './options.js';
export type * from './port.js';
export type { CredentialFiles } from './tls/credentials.js';
