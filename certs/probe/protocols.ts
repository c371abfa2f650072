import type { Protocol } from '../../platform/plan/index.js';
import { withLength } from './frames.js';
import { bytesField, numberField, readFields } from './protobuf.js';

/** How a protocol is spoken, as far as a probe must. */
export interface Spoken {
  /** How TLS begins on its port. */
  readonly begins: 'direct' | 'bookkeeper' | 'postgres';
  /** A request without effect that every healthy server answers. Absent where there is none. */
  readonly greeting?: Buffer;
  /** The newest TLS to offer. In 1.2 a server refuses within the handshake. @default - the newest there is */
  readonly maxVersion?: 'TLSv1.2';
  /** Whether an answer that came in plain text shows that the server speaks without TLS, and not that it refuses to. */
  readonly answersPlain: (answer: Buffer) => boolean;
}

/** A TLS alert or handshake record: what TLS servers send to those who don't speak it. */
export function isTlsRecord(answer: Buffer): boolean {
  return (answer[0] === 0x15 || answer[0] === 0x16) && answer[1] === 0x03;
}

// Pulsar (PulsarApi.proto): a frame holds the length of its command, and the command {1: type, 2: connect …}.
const CONNECT = 2;
const PROTOCOL_VERSION = 19;
/** CONNECTED, ERROR, AUTH_CHALLENGE */
const ANSWERS_TO_CONNECT = [3, 14, 36];

function pulsarConnect(): Buffer {
  const connect = Buffer.concat([bytesField(1, 'probe'), numberField(4, PROTOCOL_VERSION)]);
  return withLength(withLength(Buffer.concat([numberField(1, CONNECT), bytesField(2, connect)])));
}

function isPulsarCommand(answer: Buffer): boolean {
  if (answer.length < 10) return false;
  const command = answer.subarray(8, 8 + answer.readUInt32BE(4));
  return ANSWERS_TO_CONNECT.includes(Number(readFields(command)?.get(1)));
}

// BookKeeper's protocol 3 (BookkeeperProtocol.proto): a frame holds a request {1: header, N: body} or a response
// {1: header, 2: status …}; a header is {1: version, 2: operation, 3: transaction}.
const VERSION_3 = 3;
/** EUA: it wants authentication, or TLS, first. */
const UNAUTHORIZED = 502;

export function bookkeeperRequest(request: {
  readonly operation: number;
  readonly field: number;
  readonly body: Buffer;
}): Buffer {
  const header = [numberField(1, VERSION_3), numberField(2, request.operation), numberField(3, 1)];
  return withLength(
    Buffer.concat([bytesField(1, Buffer.concat(header)), bytesField(request.field, request.body)]),
  );
}

function isBookkeeperAnswer(answer: Buffer): boolean {
  if (answer.length < 8 || isTlsRecord(answer)) return false;
  const fields = readFields(answer.subarray(4, 4 + answer.readUInt32BE(0)));
  const status = fields?.get(2);
  return Buffer.isBuffer(fields?.get(1)) && typeof status === 'number' && status !== UNAUTHORIZED;
}

function postgresStartup(): Buffer {
  const version = Buffer.from([0, 3, 0, 0]);
  const body = Buffer.concat([version, Buffer.from('user\0probe\0database\0probe\0\0')]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(body.length + 4);
  return Buffer.concat([length, body]);
}

const http: Spoken = {
  begins: 'direct',
  greeting: Buffer.from('GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n'),
  // Servers of TLS tell a plain request so by 400, and redirects lead to TLS.
  answersPlain: answer => /^HTTP\/1\.[01] (?!400|30[1278]|426|497)\d{3}/.test(answer.toString('latin1')),
};

/** Whoever says anything here takes part in an election: there is no question that a probe may ask. */
const quorum: Spoken = { begins: 'direct', maxVersion: 'TLSv1.2', answersPlain: () => false };

export const SPOKEN: Readonly<Record<Protocol, Spoken>> = {
  'pulsar+ssl': { begins: 'direct', greeting: pulsarConnect(), answersPlain: isPulsarCommand },
  https: http,
  wss: http,
  'bookkeeper+tls': {
    begins: 'bookkeeper',
    greeting: bookkeeperRequest({ operation: 8, field: 105, body: numberField(1, 3) }),
    answersPlain: isBookkeeperAnswer,
  },
  'zookeeper+tls': {
    begins: 'direct',
    greeting: Buffer.from('srvr'),
    answersPlain: answer => /^[\x20-\x7e\s]+/.test(answer.toString('latin1')) && !isTlsRecord(answer),
  },
  'zookeeper-quorum+tls': quorum,
  'zookeeper-election+tls': quorum,
  'postgres+tls': {
    begins: 'postgres',
    greeting: postgresStartup(),
    // `R` asks for a password: it would go on in plain text.
    answersPlain: answer => answer[0] === 0x52,
  },
};

/** How an endpoint of a protocol is dialled. */
export function spokenOn(protocol: Protocol): Pick<Spoken, 'begins' | 'greeting' | 'maxVersion'> {
  const { answersPlain, ...spoken } = SPOKEN[protocol];
  return spoken;
}
