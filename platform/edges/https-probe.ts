import { request } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';

export interface ClientTls {
  /** PEM of the roots that are trusted. */
  readonly ca: string;
  /** PEM, leaf first. @default - no client certificate */
  readonly cert?: string;
  /** PEM */
  readonly key?: string;
}

export interface Answer {
  readonly status?: number;
  /** Why there was no answer: `ECONNREFUSED`, `ERR_TLS_CERT_ALTNAME_INVALID`, `timeout`. */
  readonly error?: string;
}

export interface ProbeOptions {
  readonly token?: string;
  readonly timeoutMs: number;
  /** Address of the host of the URL, such as that of a forwarded port. @default - where its name leads */
  readonly host?: string;
}

/** Leads every name to one address; nothing for a name, which leads where it leads. */
export function leadingTo(host: string | undefined): { readonly lookup?: LookupFunction } {
  const family = isIP(host ?? '');
  if (host === undefined || family === 0) return {};
  const lookup: LookupFunction = (_, { all }, found) => {
    if (all === true) found(null, [{ address: host, family }]);
    else found(null, host, family);
  };
  return { lookup };
}

/** One GET over verified TLS on a connection of its own. Never throws: no answer is an answer too. */
export function httpsProbe(url: string, tls: ClientTls, options: ProbeOptions): Promise<Answer> {
  return new Promise(resolve => {
    const probe = request(
      url,
      {
        ...tls,
        agent: false,
        ...leadingTo(options.host),
        timeout: options.timeoutMs,
        headers: options.token === undefined ? {} : { authorization: `Bearer ${options.token}` },
      },
      response => {
        response.resume();
        resolve(response.statusCode === undefined ? {} : { status: response.statusCode });
      },
    );
    probe.on('timeout', () => probe.destroy(Object.assign(new Error('timeout'), { code: 'timeout' })));
    probe.on('error', (error: NodeJS.ErrnoException) => resolve({ error: error.code ?? error.message }));
    probe.end();
  });
}
