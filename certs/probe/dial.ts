import { isIP, type Socket } from 'node:net';
import { type ConnectionOptions, connect, createSecureContext, type SecureContext } from 'node:tls';
import { withConnection } from './connect.js';
import { nameOf, type ProbeOptions, type ProbeTarget } from './target.js';

/** Whom a dialler trusts, and what it presents of itself. */
export interface Identity {
  /** PEM of the roots. @default - the public ones */
  readonly trust?: string;
  /** PEM, leaf first. @default - it presents none */
  readonly certificate?: string;
  /** PEM */
  readonly key?: string;
}

export type DialOutcome =
  /** Both sides accepted each other. */
  | { readonly kind: 'accepted'; readonly version: string }
  /** `us`: its certificate did not stand our verification; `peer`: it ended the connection. */
  | { readonly kind: 'refused'; readonly by: 'us' | 'peer'; readonly reason: string }
  | { readonly kind: 'unreachable'; readonly reason: string };

/** How long a server that has no greeting to answer may take to refuse us. */
const QUIET_MS = 500;

/**
 * Dials as a client of the platform does: chain, host name and client certificate verified. A server of TLS 1.3 refuses
 * a client only after the client's side of the handshake is done, so the greeting must be answered too.
 */
export async function dial(
  target: ProbeTarget,
  identity: Identity,
  options: ProbeOptions = {},
): Promise<DialOutcome> {
  try {
    const version = await withConnection(target, options, socket => handshake(socket, target, identity));
    return { kind: 'accepted', version };
  } catch (error) {
    if (options.signal?.aborted) throw error;
    return outcomeOf(error, target);
  }
}

/** Before a byte is sent: a key that is not the certificate's, a file that is damaged. */
class OwnFilesUnfit extends Error {}

function contextOf(
  { trust, certificate, key }: Identity,
  maxVersion: ProbeTarget['maxVersion'],
): SecureContext {
  try {
    return createSecureContext({
      ...(maxVersion !== undefined && { maxVersion }),
      ...(trust !== undefined && { ca: trust }),
      ...(certificate !== undefined && { cert: certificate }),
      ...(key !== undefined && { key }),
    });
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    throw new OwnFilesUnfit(`its own certificate, key or roots: ${code ?? message}`, { cause });
  }
}

function handshake(socket: Socket, target: ProbeTarget, identity: Identity): Promise<string> {
  const name = target.name ?? target.host;
  const options: ConnectionOptions = {
    socket,
    host: name,
    ...(isIP(name) === 0 && { servername: name }),
    secureContext: contextOf(identity, target.maxVersion),
  };
  return new Promise((resolve, reject) => {
    const tls = connect(options);
    const accepted = () => resolve(tls.getProtocol() ?? '');
    tls.once('secureConnect', () => {
      if (target.greeting === undefined) setTimeout(accepted, QUIET_MS).unref();
      else tls.write(target.greeting);
    });
    tls.once('data', accepted);
    tls.once('error', reject);
    tls.once('close', () => reject(closed()));
  });
}

function closed(): Error {
  return Object.assign(new Error('it closed the connection'), { code: 'ECONNRESET' });
}

/** Codes of Node for what its own verification finds (`tls`, X.509 certificate error codes). */
const OUR_VERDICT =
  /^(CERT_|CRL_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|HOSTNAME_MISMATCH|INVALID_|PATH_LENGTH_|ERR_TLS_CERT_)/;
const NOBODY_THERE = /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|ETIMEDOUT|EADDRNOTAVAIL)$/;

function outcomeOf(error: unknown, target: ProbeTarget): DialOutcome {
  const { name, message, code: given } = error as NodeJS.ErrnoException;
  const code = String(given ?? '');
  if (error instanceof OwnFilesUnfit) return { kind: 'refused', by: 'us', reason: message };
  if (name === 'TimeoutError') return { kind: 'unreachable', reason: `no answer from ${nameOf(target)}` };
  if (NOBODY_THERE.test(code)) return { kind: 'unreachable', reason: code };
  return { kind: 'refused', by: OUR_VERDICT.test(code) ? 'us' : 'peer', reason: code || message };
}
