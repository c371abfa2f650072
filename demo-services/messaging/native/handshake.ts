import type { TLSSocket } from 'node:tls';
import { ServiceError } from '../../errors.js';
import { field, fieldsOf } from '../protobuf.js';
import type { Credentials } from '../tls/credentials.js';
import { type Address, dial } from '../tls/dial.js';

/** Field numbers and values of PulsarApi.proto. */
const COMMAND = { type: 1, connect: 2, error: 14 } as const;
const CONNECT = { clientVersion: 1, authData: 3, protocolVersion: 4, authMethodName: 5 } as const;
const ERROR = { error: 2, message: 3 } as const;
const AUTHENTICATION_ERROR = 3;
const PROTOCOL_VERSION = 19;

/**
 * Does what libpulsar does first, to learn why it fails, which it often tells as a time-out only: connects, verifies,
 * and asks the broker to accept the token.
 *
 * @returns the reason of the failure, or undefined if the broker welcomes us
 */
export async function whyRefused(
  address: Address,
  credentials: Credentials,
  timeoutMs: number,
): Promise<ServiceError | undefined> {
  const { socket, explain } = dial(address, credentials);
  const where = `${address.host}:${address.port}`;
  return new Promise(resolve => {
    const end = (reason?: ServiceError) => {
      clearTimeout(timer);
      socket.destroy();
      resolve(reason);
    };
    const timer = setTimeout(
      () => end(new ServiceError('Timeout', 'the broker did not answer in time', { where })),
      timeoutMs,
    );
    socket.on('error', error => end(explain(error)));
    socket.on('close', () => end(explain(new Error('closed by the broker'))));
    socket.on('secureConnect', () => socket.write(connectCommand(credentials.token)));
    onFirstCommand(socket, command => end(refusalIn(command, where)));
  });
}

/** CommandConnect in its frame: total size, command size, BaseCommand. */
function connectCommand(token: string | undefined): Buffer {
  const connect = Buffer.concat([
    field(CONNECT.clientVersion, 'pulsar-platform-kit'),
    ...(token === undefined ? [] : [field(CONNECT.authMethodName, 'token'), field(CONNECT.authData, token)]),
    field(CONNECT.protocolVersion, PROTOCOL_VERSION),
  ]);
  const command = Buffer.concat([field(COMMAND.type, COMMAND.connect), field(COMMAND.connect, connect)]);
  const sizes = Buffer.alloc(8);
  sizes.writeUInt32BE(command.length + 4, 0);
  sizes.writeUInt32BE(command.length, 4);
  return Buffer.concat([sizes, command]);
}

function onFirstCommand(socket: TLSSocket, callback: (command: Buffer) => void): void {
  let received = Buffer.alloc(0);
  socket.on('data', (chunk: Buffer) => {
    received = Buffer.concat([received, chunk]);
    if (received.length < 8 || received.length < 4 + received.readUInt32BE(0)) return;
    callback(received.subarray(8, 8 + received.readUInt32BE(4)));
  });
}

function refusalIn(command: Buffer, where: string): ServiceError | undefined {
  const error = fieldsOf(command).get(COMMAND.error);
  if (!(error instanceof Uint8Array)) return undefined;
  const fields = fieldsOf(error);
  const message = fields.get(ERROR.message);
  const saw = message instanceof Uint8Array ? Buffer.from(message).toString() : 'no reason';
  return fields.get(ERROR.error) === AUTHENTICATION_ERROR
    ? new ServiceError('AuthenticationFailed', 'the broker does not accept the token', { where, saw })
    : new ServiceError('BrokerRefused', 'the broker refuses the connection', { where, saw });
}
