import { request } from 'node:https';

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

/** One GET over verified TLS on a connection of its own. Never throws: no answer is an answer too. */
export function httpsProbe(
  url: string,
  tls: ClientTls,
  options: { readonly token?: string; readonly timeoutMs: number },
): Promise<Answer> {
  return new Promise(resolve => {
    const probe = request(
      url,
      {
        ...tls,
        agent: false,
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
