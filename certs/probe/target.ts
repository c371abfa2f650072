import { isIP } from 'node:net';
import { PlatformError } from '../../platform/errors.js';
import type { Protocol } from '../../platform/plan/index.js';
import { SPOKEN, type Spoken } from './protocols.js';

/** What is dialled, and how TLS begins there. */
export interface ProbeTarget {
  readonly host: string;
  readonly port: number;
  /** The name that is asked for (SNI) and that the certificate must have. @default - the host */
  readonly name?: string;
  /**
   * - `direct`: the first byte is TLS: Pulsar's binary protocol, HTTPS, wss, ZooKeeper
   * - `bookkeeper`, `postgres`: a request for TLS inside that protocol comes first
   */
  readonly begins: Spoken['begins'];
  /** What every healthy server there answers. @default - its protocol isn't known, or has none */
  readonly greeting?: Buffer;
  /** @default - the newest there is */
  readonly maxVersion?: Spoken['maxVersion'];
}

export interface ProbeOptions {
  /** @default 5000 */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

export const TIMEOUT_MS = 5_000;
/** Ports that are spoken in a protocol where TLS has to be asked for. */
const BY_PORT: Readonly<Record<number, Protocol>> = { 3181: 'bookkeeper+tls', 5432: 'postgres+tls' };
const PORTS: Readonly<Record<string, number>> = {
  'pulsar+ssl': 6651,
  https: 443,
  wss: 443,
  'zookeeper+tls': 2281,
  'bookkeeper+tls': 3181,
  'postgres+tls': 5432,
};

/** `host:port`, `[::1]:port` or a URL such as `pulsar+ssl://host:6651` → target; undefined when it is none of them. */
export function parseTarget(text: string, wanted?: string): ProbeTarget | undefined {
  const parts =
    /^(?:(?<scheme>[a-z+-]+):\/\/)?(?:\[(?<v6>[0-9A-Fa-f:.]+)\]|(?<host>[^\s/:[\]]+))(?::(?<port>\d{1,5}))?\/?$/.exec(
      text,
    )?.groups;
  const scheme = wanted ?? parts?.['scheme'];
  const host = parts?.['v6'] ?? parts?.['host'];
  const port = Number(parts?.['port'] ?? PORTS[scheme ?? '']);
  if (host === undefined || !(port > 0 && port < 65_536)) return undefined;
  const protocol = scheme ?? BY_PORT[port] ?? 'tls';
  if (!isSpoken(protocol)) return protocol === 'tls' ? { host, port, begins: 'direct' } : undefined;
  const { begins, greeting } = SPOKEN[protocol];
  return { host, port, begins, ...(greeting && { greeting }) };
}

function isSpoken(protocol: string): protocol is Protocol {
  return protocol in SPOKEN;
}

/** `host:port`, as findings name it. */
export function nameOf({ host, port }: ProbeTarget): string {
  return `${isIP(host) === 6 ? `[${host}]` : host}:${port}`;
}

/** The error that says why there is no TLS connection to a target. */
export function probeError(target: ProbeTarget, cause: unknown): PlatformError {
  const { name, message, code: given } = cause as NodeJS.ErrnoException;
  const code = String(given ?? '');
  const where = nameOf(target);
  if (name === 'TimeoutError') {
    return new PlatformError('EndpointUnreachable', `${where} doesn't answer`, {
      where,
      saw: message,
      cause,
    });
  }
  if (
    /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|ETIMEDOUT|EADDRNOTAVAIL|EINVAL)$/.test(code)
  ) {
    return new PlatformError('EndpointUnreachable', `${where} can't be reached`, { where, saw: code, cause });
  }
  if (/WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG|HTTP_REQUEST|UNEXPECTED_MESSAGE|RECORD_LAYER/.test(code)) {
    return new PlatformError('EndpointNotTls', `${where} doesn't speak TLS`, { where, saw: code, cause });
  }
  if (code === 'ERR_START_TLS') {
    return new PlatformError('EndpointNotTls', `${where} doesn't begin TLS`, { where, saw: message, cause });
  }
  if (/ECONNRESET|EPIPE|EPROTO/.test(code)) {
    return new PlatformError('EndpointRefused', `${where} closed the connection during the handshake`, {
      where,
      saw: code,
      fix: 'see its log; a port without TLS does this too',
      cause,
    });
  }
  return new PlatformError('EndpointRefused', `${where} ended the handshake`, {
    where,
    saw: code || message,
    cause,
  });
}
