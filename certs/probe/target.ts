import { isIP } from 'node:net';
import { PlatformError } from '../../platform/errors.js';

/** What is dialled, and how TLS begins there. */
export interface ProbeTarget {
  readonly host: string;
  readonly port: number;
  /** The name that is asked for (SNI) and that the certificate must have. @default - the host */
  readonly name?: string;
  /**
   * - `direct`: the first byte is TLS: Pulsar's binary protocol, HTTPS, wss, ZooKeeper
   * - `bookkeeper`: a START_TLS request inside BookKeeper's protocol comes first
   */
  readonly begins: 'direct' | 'bookkeeper';
}

export interface ProbeOptions {
  /** @default 5000 */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

export const TIMEOUT_MS = 5_000;
const BOOKIE_PORT = 3181;
const DIRECT = ['tls', 'pulsar+ssl', 'https', 'wss', 'zookeeper+tls'];
const PORTS: Readonly<Record<string, number>> = {
  'pulsar+ssl': 6651,
  https: 443,
  wss: 443,
  'zookeeper+tls': 2281,
  'bookkeeper+tls': BOOKIE_PORT,
};

/** Protocols that a target may be dialled by. */
export const PROBE_PROTOCOLS: readonly string[] = [...DIRECT, 'bookkeeper+tls'];

/** `host:port`, `[::1]:port` or a URL such as `pulsar+ssl://host:6651` → target; undefined when it is none of them. */
export function parseTarget(text: string, protocol?: string): ProbeTarget | undefined {
  const parts =
    /^(?:(?<scheme>[a-z+]+):\/\/)?(?:\[(?<v6>[0-9A-Fa-f:.]+)\]|(?<host>[^\s/:[\]]+))(?::(?<port>\d{1,5}))?\/?$/.exec(
      text,
    )?.groups;
  const scheme = protocol ?? parts?.['scheme'];
  const host = parts?.['v6'] ?? parts?.['host'];
  const port = Number(parts?.['port'] ?? PORTS[scheme ?? '']);
  if (host === undefined || !(port > 0 && port < 65_536)) return undefined;
  if (scheme !== undefined && !PROBE_PROTOCOLS.includes(scheme)) return undefined;
  const isBookie = scheme === 'bookkeeper+tls' || (scheme === undefined && port === BOOKIE_PORT);
  return { host, port, begins: isBookie ? 'bookkeeper' : 'direct' };
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
