import { isIP, type Socket } from 'node:net';
import { connect } from 'node:tls';
import { withConnection } from './connect.js';
import type { Identity } from './dial.js';
import { readFrame, withLength } from './frames.js';
import { bytesField, numberField, readFields } from './protobuf.js';
import type { ProbeOptions, ProbeTarget } from './target.js';

// PulsarApi.proto: BaseCommand {1: type, N: command}; CommandConnect {1: client, 3: data, 4: version, 5: method}.
const CONNECT = 2;
const CONNECTED = 3;
const PROTOCOL_VERSION = 19;
const ERROR_FIELD = 14;
const MESSAGE_OF_ERROR = 3;

/**
 * Begins a session of Pulsar's binary protocol with a token, and leaves. No client library takes part, so that nothing
 * is tried again behind our back.
 *
 * @param token JWT. @default - none is sent
 * @returns undefined when the broker took it, else its reason
 */
export async function pulsarSession(
  target: ProbeTarget,
  identity: Identity,
  token: string | undefined,
  options: ProbeOptions = {},
): Promise<string | undefined> {
  return withConnection(target, options, socket => session(socket, target, identity, token));
}

async function session(
  socket: Socket,
  target: ProbeTarget,
  { trust, certificate, key }: Identity,
  token: string | undefined,
): Promise<string | undefined> {
  const name = target.name ?? target.host;
  const tls = connect({
    socket,
    host: name,
    ...(isIP(name) === 0 && { servername: name }),
    ...(trust !== undefined && { ca: trust }),
    ...(certificate !== undefined && { cert: certificate }),
    ...(key !== undefined && { key }),
  });
  await new Promise((resolve, reject) => tls.once('secureConnect', resolve).once('error', reject));
  tls.write(connectFrame(token));
  const frame = await readFrame(tls);
  const command = readFields(frame.subarray(4, 4 + frame.readUInt32BE(0)));
  if (command?.get(1) === CONNECTED) return undefined;
  const error = command?.get(ERROR_FIELD);
  const reason = Buffer.isBuffer(error) ? readFields(error)?.get(MESSAGE_OF_ERROR) : undefined;
  return Buffer.isBuffer(reason) ? reason.toString() : `an answer of type ${command?.get(1)}`;
}

function connectFrame(token: string | undefined): Buffer {
  const body = Buffer.concat([
    bytesField(1, 'probe'),
    ...(token === undefined ? [] : [bytesField(3, token)]),
    numberField(4, PROTOCOL_VERSION),
    ...(token === undefined ? [] : [bytesField(5, 'token')]),
  ]);
  return withLength(withLength(Buffer.concat([numberField(1, CONNECT), bytesField(2, body)])));
}
