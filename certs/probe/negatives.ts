import { randomBytes } from 'node:crypto';
import type { Socket } from 'node:net';
import type { Endpoint } from '../../platform/plan/index.js';
import { withConnection } from './connect.js';
import { dial, type Identity } from './dial.js';
import { isTlsRecord, SPOKEN } from './protocols.js';
import type { ProbeOptions, ProbeTarget } from './target.js';

/** What must be refused. */
export type NegativeName =
  | 'plainText'
  | 'tls11'
  | 'noClientCertificate'
  | 'foreignClientCertificate'
  | 'wrongName';

export interface Negative {
  readonly name: NegativeName;
  /** `notShown`: the probe could not be made, which is neither. */
  readonly outcome: 'refused' | 'accepted' | 'notShown';
  /** Who refused how, what was accepted, or why it was not shown. */
  readonly how: string;
}

export interface NegativeSubject {
  readonly target: ProbeTarget;
  readonly protocol: Endpoint['protocol'];
  readonly tls: Endpoint['tls'];
  /** Somebody who may dial it. */
  readonly dialler: Identity;
  /** A client certificate that an authority of nobody's has issued. */
  readonly foreigner: Pick<Identity, 'certificate' | 'key'>;
}

/** How long an answer that should not come is waited for. */
const SILENCE_MS = 1_500;
const WRONG_NAME = 'wrong.invalid';

type NegativeProbe = (subject: NegativeSubject, options: ProbeOptions) => Promise<Omit<Negative, 'name'>>;

const PROBES: Readonly<Record<NegativeName, NegativeProbe>> = {
  plainText: async ({ target, protocol }, options) => {
    const { greeting, answersPlain } = SPOKEN[protocol];
    const answer = await rawAnswer({ ...target, begins: 'direct' }, greeting ?? Buffer.alloc(0), options);
    return answersPlain(answer)
      ? { outcome: 'accepted', how: 'it answers in plain text' }
      : { outcome: 'refused', how: refusalOf(answer) };
  },
  tls11: async ({ target }, options) => {
    const answer = await rawAnswer(target, helloOfTls11(target.name ?? target.host), options);
    // A server's hello: a handshake record that begins with message 2 and names the version.
    const isHello = answer.length > 10 && answer[0] === 0x16 && answer[5] === 2;
    const accepts = isHello && answer.readUInt16BE(9) <= 0x0302;
    return accepts
      ? { outcome: 'accepted', how: 'it goes on in TLS 1.1 or older' }
      : { outcome: 'refused', how: refusalOf(answer) };
  },
  noClientCertificate: ({ target, dialler: { trust } }, options) =>
    refusal(target, trust === undefined ? {} : { trust }, options),
  foreignClientCertificate: ({ target, dialler: { trust }, foreigner }, options) =>
    refusal(target, { ...foreigner, ...(trust !== undefined && { trust }) }, options),
  wrongName: ({ target, dialler }, options) => refusal({ ...target, name: WRONG_NAME }, dialler, options),
};

/** The probes that an endpoint must refuse: those about client certificates only where they are demanded. */
export function negativesOf({ protocol, tls }: Pick<Endpoint, 'protocol' | 'tls'>): NegativeName[] {
  return [
    ...(SPOKEN[protocol].greeting ? (['plainText'] as const) : []),
    'tls11',
    ...(tls === 'mutual' ? (['noClientCertificate', 'foreignClientCertificate'] as const) : []),
    'wrongName',
  ];
}

export async function probeNegative(
  name: NegativeName,
  subject: NegativeSubject,
  options: ProbeOptions = {},
): Promise<Negative> {
  try {
    return { name, ...(await PROBES[name](subject, options)) };
  } catch (error) {
    if (options.signal?.aborted) throw error;
    return { name, ...notShown((error as NodeJS.ErrnoException).code ?? String(error)) };
  }
}

async function refusal(
  target: ProbeTarget,
  identity: Identity,
  options: ProbeOptions,
): Promise<Omit<Negative, 'name'>> {
  const outcome = await dial(target, identity, options);
  if (outcome.kind === 'accepted') return { outcome: 'accepted', how: 'it was accepted' };
  if (outcome.kind === 'unreachable') return notShown(outcome.reason);
  return { outcome: 'refused', how: `${outcome.by === 'us' ? 'by us' : 'by it'}: ${outcome.reason}` };
}

/** Nobody there is no refusal. */
function notShown(reason: string): Omit<Negative, 'name'> {
  return { outcome: 'notShown', how: reason };
}

/** What a server says to some bytes; empty when it says nothing or hangs up. */
async function rawAnswer(target: ProbeTarget, bytes: Buffer, options: ProbeOptions): Promise<Buffer> {
  return withConnection(target, options, socket => firstAnswer(socket, bytes));
}

function firstAnswer(socket: Socket, bytes: Buffer): Promise<Buffer> {
  return new Promise(resolve => {
    const nothing = () => resolve(Buffer.alloc(0));
    socket.once('data', resolve).once('close', nothing).once('error', nothing);
    setTimeout(nothing, SILENCE_MS).unref();
    socket.write(bytes);
  });
}

function refusalOf(answer: Buffer): string {
  if (answer.length === 0) return 'by it: no answer';
  return isTlsRecord(answer) ? 'by it: TLS alert' : 'by it: an answer that is none';
}

/**
 * A ClientHello of TLS 1.1, made by hand: OpenSSL itself would refuse to offer it, and must go on doing so for every
 * other connection (RFC 4346, 7.4.1.2).
 */
function helloOfTls11(name: string): Buffer {
  const suites = Buffer.from('c00ac014c009c0130035002f000a', 'hex');
  const extensions = Buffer.concat([
    extension(0, sized(2, Buffer.concat([Buffer.from([0]), sized(2, Buffer.from(name))]))),
    extension(10, sized(2, Buffer.from('001700180019', 'hex'))), // curves
    extension(11, sized(1, Buffer.from([0]))), // point formats
  ]);
  const version = Buffer.from([0x03, 0x02]);
  const body = Buffer.concat([
    version,
    randomBytes(32),
    sized(1, Buffer.alloc(0)), // session
    sized(2, suites),
    sized(1, Buffer.from([0])), // compression
    sized(2, extensions),
  ]);
  const message = Buffer.concat([Buffer.from([1]), sized(3, body)]);
  return Buffer.concat([Buffer.from([0x16, 0x03, 0x01]), sized(2, message)]);
}

function extension(type: number, data: Buffer): Buffer {
  return Buffer.concat([Buffer.from([type >> 8, type & 0xff]), sized(2, data)]);
}

/** Bytes after their length, as TLS writes vectors. */
function sized(lengthBytes: number, bytes: Buffer): Buffer {
  const length = Buffer.alloc(lengthBytes);
  length.writeUIntBE(bytes.length, 0, lengthBytes);
  return Buffer.concat([length, bytes]);
}
