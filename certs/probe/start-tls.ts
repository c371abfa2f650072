import type { Duplex } from 'node:stream';
import { readFrame } from './frames.js';
import { readFields } from './protobuf.js';
import { bookkeeperRequest, type Spoken } from './protocols.js';

const START_TLS = { operation: 9, field: 106, body: Buffer.alloc(0) };
const OK = 0;
const SSL_REQUEST = Buffer.from([0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f]);

/** Brings a fresh connection to where TLS begins. Throws an error of code ERR_START_TLS when the server won't. */
export async function beginTls(socket: Duplex, begins: Spoken['begins']): Promise<void> {
  if (begins === 'bookkeeper') await askBookie(socket);
  if (begins === 'postgres') await askPostgres(socket);
}

async function askBookie(socket: Duplex): Promise<void> {
  socket.write(bookkeeperRequest(START_TLS));
  const response = readFields(await readFrame(socket));
  const status = response?.get(2);
  if (!Buffer.isBuffer(response?.get(1))) throw notSpoken('its answer is not of the BookKeeper protocol');
  if (status !== OK) throw notSpoken(`the bookie answers START_TLS with status ${status}`);
}

async function askPostgres(socket: Duplex): Promise<void> {
  socket.write(SSL_REQUEST);
  const [answer] = await new Promise<Buffer>((resolve, reject) => {
    socket.once('data', resolve).once('close', () => reject(notSpoken('it closed the connection')));
  });
  socket.pause();
  if (answer !== 'S'.charCodeAt(0)) throw notSpoken('the database answers its request for TLS with no');
}

function notSpoken(message: string): Error {
  return Object.assign(new Error(message), { code: 'ERR_START_TLS' });
}
