import pRetry from 'p-retry';
import { Agent, request } from 'undici';
import { PlatformError } from '../errors.js';
import type { ClientTls } from './https-probe.js';

export interface PulsarAdminProps {
  /** `https://host:port`, under a name that the broker's certificate holds. */
  readonly url: string;
  readonly tls: ClientTls & {
    /** Name that the certificate must hold. @default - the host of the URL */
    readonly servername?: string;
  };
  /** JWT of a super user. Asked again for each request. */
  readonly token: () => Promise<string>;
}

/** Pulsar's admin REST API. Paths begin after `/admin/v2/`. */
export interface PulsarAdmin {
  /** The answer as it is: a version, a metric. */
  text(path: string): Promise<string>;
  /** The answer's JSON, or undefined when there is no such thing. */
  get(path: string): Promise<unknown>;
  send(method: 'PUT' | 'POST' | 'DELETE', path: string, body?: unknown): Promise<void>;
  close(): Promise<void>;
}

/** Tries again for some 10 s: a broker that has just started answers 5xx while it takes its bundles. One that hangs takes no longer. */
const RETRIES = { retries: 6, minTimeout: 150, factor: 2, maxTimeout: 4_000, maxRetryTime: 10_000 };

export function pulsarAdmin({ url, tls, token }: PulsarAdminProps): PulsarAdmin {
  const dispatcher = new Agent({
    connect: { ...tls, timeout: 5_000 },
    headersTimeout: 30_000,
    connections: 4,
  });

  async function once(method: 'GET' | 'PUT' | 'POST' | 'DELETE', path: string, body: unknown) {
    const response = await request(`${url}/admin/v2/${path}`, {
      method,
      dispatcher,
      headers: {
        authorization: `Bearer ${(await token()).trim()}`,
        accept: 'application/json, text/plain',
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      body: body === undefined ? null : JSON.stringify(body),
    });
    const text = await response.body.text();
    const { statusCode } = response;
    if (statusCode < 300 || statusCode === 404) return { statusCode, text };
    // Made by an earlier try whose answer was lost, or by somebody else at the same time. The same status with another
    // reason says that it is not there: a limit of the namespace was reached.
    if (statusCode === 409 && method === 'PUT' && /already exist/i.test(reasonIn(text)))
      return { statusCode, text };
    throw refused(`${method} ${path}`, statusCode, text);
  }

  function withRetries(method: 'GET' | 'PUT' | 'POST' | 'DELETE', path: string, body?: unknown) {
    return pRetry(() => once(method, path, body), {
      ...RETRIES,
      shouldRetry: ({ error }) => !(error instanceof PlatformError) || /^5/.test(error.saw ?? ''),
    }).catch((error: Error) => {
      throw error instanceof PlatformError ? error : unreachable(url, error);
    });
  }

  return {
    text: async path => (await withRetries('GET', path)).text,
    get: async path => {
      const { statusCode, text } = await withRetries('GET', path);
      return statusCode === 404 || text === '' ? undefined : JSON.parse(text);
    },
    send: async (method, path, body) => {
      const { statusCode, text } = await withRetries(method, path, body);
      if (statusCode === 404 && method !== 'DELETE') throw refused(`${method} ${path}`, statusCode, text);
    },
    close: () => dispatcher.close(),
  };
}

function refused(what: string, status: number, body: string): PlatformError {
  return new PlatformError('AdminRefused', `Pulsar refused ${what}`, {
    where: what,
    saw: `${status} ${reasonIn(body)}`.trim(),
  });
}

function reasonIn(body: string): string {
  try {
    const { reason } = JSON.parse(body) as { reason?: string };
    return reason ?? body.slice(0, 300);
  } catch {
    return body.slice(0, 300);
  }
}

function unreachable(url: string, cause: NodeJS.ErrnoException): PlatformError {
  return new PlatformError('AdminUnreachable', `no answer from ${url}`, {
    where: url,
    saw: cause.code ?? cause.message,
    cause,
  });
}
