import type { Socket } from 'node:net';
import { isIP } from 'node:net';
import { type ConnectionOptions, connect, type TLSSocket } from 'node:tls';
import { withConnection } from './connect.js';
import { type ProbeOptions, type ProbeTarget, probeError } from './target.js';

/** What a server shows of itself before it is trusted with anything. */
export interface Served {
  /** DER, in the order in which they were sent. */
  readonly chain: readonly Buffer[];
  /** `TLSv1.3` */
  readonly version: string;
}

/**
 * Asks a server for its certificates, whoever signed them and also when it demands one of ours. The handshake is
 * broken off as soon as they are there: nothing is sent to a peer that hasn't been verified.
 *
 * @throws PlatformError EndpointUnreachable, EndpointNotTls, EndpointRefused
 */
export async function look(target: ProbeTarget, options: ProbeOptions = {}): Promise<Served> {
  try {
    return await withConnection(target, options, socket =>
      certificatesOf(socket, target.name ?? target.host),
    );
  } catch (error) {
    if (options.signal?.aborted) throw error;
    throw probeError(target, error);
  }
}

function certificatesOf(socket: Socket, name: string): Promise<Served> {
  return new Promise((resolve, reject) => {
    const options: ConnectionOptions & { readonly requestOCSP: true } = {
      socket,
      requestOCSP: true,
      ...(isIP(name) === 0 && { servername: name }),
    };
    const tls = connect(options);
    // This event comes when the server's certificates are in, with or without an OCSP response, and before Node
    // verifies them. Reading them consumes the session's copy, so this connection is of no use afterwards.
    tls.once('OCSPResponse', () => {
      resolve({ chain: chainOf(tls), version: tls.getProtocol() ?? '' });
      tls.destroy();
    });
    tls.once('error', reject);
    tls.once('close', () =>
      reject(Object.assign(new Error('closed during the handshake'), { code: 'ECONNRESET' })),
    );
  });
}

function chainOf(tls: TLSSocket): Buffer[] {
  const chain: Buffer[] = [];
  let certificate = tls.getPeerX509Certificate();
  while (certificate !== undefined) {
    chain.push(certificate.raw);
    certificate = certificate.issuerCertificate;
  }
  return chain;
}
