import type { Duplex } from 'node:stream';
import { readFrame, withLength } from './frames.js';
import { bytesField, numberField, readFields } from './protobuf.js';

// BookKeeper's protocol 3 (BookkeeperProtocol.proto): frames of a 4-byte length and a message. Requests and responses
// begin with 1: a header {1: version, 2: operation, 3: transaction}; a response goes on with 2: its status.

const VERSION_3 = 3;
const START_TLS = { operation: 9, field: 106 };
const OK = 0;

/** Asks a bookie to begin TLS on this connection. Throws when it won't. */
export async function startTls(socket: Duplex): Promise<void> {
  socket.write(withLength(request(START_TLS)));
  const response = readFields(await readFrame(socket));
  const status = response?.get(2);
  if (!Buffer.isBuffer(response?.get(1))) throw notSpoken('its answer is not of the BookKeeper protocol');
  if (status !== OK) throw notSpoken(`the bookie answers START_TLS with status ${status}`);
}

function request({ operation, field }: { readonly operation: number; readonly field: number }): Buffer {
  const header = Buffer.concat([numberField(1, VERSION_3), numberField(2, operation), numberField(3, 1)]);
  return Buffer.concat([bytesField(1, header), bytesField(field, '')]);
}

function notSpoken(message: string): Error {
  return Object.assign(new Error(message), { code: 'ERR_START_TLS' });
}
