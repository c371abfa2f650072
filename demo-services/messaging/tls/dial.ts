import { isIP } from 'node:net';
import { connect, type PeerCertificate, type TLSSocket } from 'node:tls';
import { ServiceError } from '../../errors.js';
import { type Credentials, validity } from './credentials.js';

export interface Address {
  readonly host: string;
  readonly port: number;
}

/** The host and port of a URL such as `pulsar+ssl://broker:6651` or `wss://broker:8443`. */
export function addressOf(url: string): Address {
  const { hostname, port } = new URL(url);
  const host = hostname.replace(/^\[(.*)\]$/, '$1');
  return { host, port: Number(port) || (url.startsWith('pulsar') ? 6651 : 443) };
}

/** A TLS connection under way: chain and host name are verified, the client certificate is offered. */
export interface Dialled {
  readonly socket: TLSSocket;
  /** Why it failed, in terms of what to mend. */
  readonly explain: (error: unknown) => ServiceError;
}

/** @param at where that is reached, when it is not where the address says; its name is verified all the same */
export function dial(address: Address, credentials: Credentials, at = address): Dialled {
  const { host } = address;
  const { ca, cert, key } = credentials;
  const socket = connect({
    host: at.host,
    port: at.port,
    ca,
    ...(cert !== undefined && key !== undefined && { cert, key }),
    ...(isIP(host) === 0 && { servername: host }),
    minVersion: 'TLSv1.2',
  });
  // A certificate that fails verification is gone when the error arrives, so it is kept before.
  let peer: PeerCertificate | undefined;
  socket.prependOnceListener('secure', () => {
    peer = socket.getPeerCertificate();
  });
  return { socket, explain: error => faultOf(error, { address, credentials, peer }) };
}

interface Circumstances {
  readonly address: Address;
  readonly credentials: Credentials;
  readonly peer: PeerCertificate | undefined;
}

const REFUSED = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH']);
const UNTRUSTED = new Set([
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'CERT_SIGNATURE_FAILURE',
  'CERT_CHAIN_TOO_LONG',
  'CERT_REVOKED',
  'CERT_UNTRUSTED',
  'CERT_REJECTED',
  'INVALID_CA',
  'INVALID_PURPOSE',
  'PATH_LENGTH_EXCEEDED',
]);

function faultOf(error: unknown, circumstances: Circumstances): ServiceError {
  if (error instanceof ServiceError) return error;
  const { address, credentials, peer } = circumstances;
  const where = `${address.host}:${address.port}`;
  const code = codeOf(error);
  const fault = (kind: ServiceError['code'], message: string, saw?: string, want?: string) =>
    new ServiceError(kind, message, {
      where,
      ...(saw !== undefined && { saw }),
      ...(want !== undefined && { want }),
      cause: error,
    });

  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') {
    const names = peer?.subjectaltname ?? 'no names';
    return fault(
      'HostnameMismatch',
      `the broker's certificate is not for "${address.host}"`,
      names,
      address.host,
    );
  }
  if (code === 'CERT_HAS_EXPIRED' || code === 'CERT_NOT_YET_VALID') {
    const dates = peer && validity(peer.valid_from, peer.valid_to);
    return fault('CertificateExpired', `the broker's certificate ${dates ?? 'is not valid at this time'}`);
  }
  if (UNTRUSTED.has(code)) {
    const issuer = peer && `issued by ${peer.issuer?.CN ?? 'nobody named'}`;
    return fault('CertificateUntrusted', "the broker's certificate is not signed by a trusted root", issuer);
  }
  if (isAboutOurCertificate(code, peer)) {
    return credentials.cert === undefined
      ? fault('ClientCertificateMissing', 'the broker demands a client certificate', code)
      : fault('ClientCertificateRejected', 'the broker refuses the client certificate', code);
  }
  if (REFUSED.has(code)) return fault('Unreachable', 'the broker cannot be reached', code);
  if (code === 'ETIMEDOUT') return fault('Timeout', 'the broker did not answer in time');
  if (code.startsWith('ERR_SSL'))
    return fault('Unreachable', 'what answers does not speak TLS as we do', code);
  return fault('ConnectionLost', 'the connection to the broker broke', code);
}

/**
 * A broker that dislikes our certificate ends the connection with an alert. Which one differs: Netty has been seen to
 * send internal_error, Jetty bad_certificate; but an alert that comes once its own certificate is verified is about ours.
 */
function isAboutOurCertificate(code: string, peer: PeerCertificate | undefined): boolean {
  if (!code.startsWith('ERR_SSL') || !code.includes('ALERT')) return false;
  return peer !== undefined || /CERT|UNKNOWN_CA|ACCESS_DENIED|HANDSHAKE_FAILURE/.test(code);
}

function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return 'code' in error && typeof error.code === 'string' ? error.code : error.message;
}
