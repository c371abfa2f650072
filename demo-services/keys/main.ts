import { readFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import process from 'node:process';

// The key server: the public keys of the tokens that are accepted, as OpenID Connect publishes them. Files are read for
// each connection and request, so that what is replaced counts at once. It holds nothing secret but its own TLS key.
// It stands among the services since it runs by their image; no service dials it.

const { PORT, HOST, TLS_CERTIFICATE_FILE, TLS_KEY_FILE, JWKS_FILE, ISSUER } = process.env;

const credentials = () => ({
  minVersion: 'TLSv1.2' as const,
  cert: readFileSync(TLS_CERTIFICATE_FILE ?? ''),
  key: readFileSync(TLS_KEY_FILE ?? ''),
});

const ANSWERS: Readonly<Record<string, () => string>> = {
  '/.well-known/openid-configuration': () =>
    JSON.stringify({
      issuer: ISSUER,
      jwks_uri: `${ISSUER}/jwks.json`,
      id_token_signing_alg_values_supported: ['RS256'],
      response_types_supported: ['id_token'],
      subject_types_supported: ['public'],
    }),
  '/jwks.json': () => readFileSync(JWKS_FILE ?? '', 'utf8'),
  '/health': () => '{"status":"alive"}',
  '/ready': () => {
    if (keys().length === 0) throw new RangeError('no key in the set');
    return '{"ready":true}';
  },
};

const server = createServer(credentials(), ({ url = '', method }, response) => {
  try {
    const answer = method === 'GET' ? (ANSWERS[url] ?? published(url)) : undefined;
    if (answer === undefined) end(response, 404, '{"error":"not found"}');
    else end(response, 200, answer());
  } catch (error) {
    // No set there, or half of one: whoever asks keeps what it knows, and asks again.
    warn('keys-unreadable', error);
    end(response, 503, '{"error":"no keys to be read"}');
  }
});

/** `/keys/KID`: whether this key is in the set, for whoever waits until a change of it has come here. */
function published(url: string): (() => string) | undefined {
  const [, wanted] = /^\/keys\/([\w-]+)$/.exec(url) ?? [];
  if (wanted === undefined) return undefined;
  const found = keys().find(({ kid }) => kid === wanted);
  return found && (() => JSON.stringify(found));
}

function keys(): readonly { readonly kid: string }[] {
  return (JSON.parse(readFileSync(JWKS_FILE ?? '', 'utf8')) as { keys: { kid: string }[] }).keys;
}

// Before the handshake of each connection. A context chosen by SNI would not do: of two algorithms OpenSSL would go on
// serving the certificate of the older one.
server.prependListener('connection', () => {
  try {
    server.setSecureContext(credentials());
  } catch (error) {
    // Certificate and key of different times, since they are just being replaced: the next connection gets both.
    warn('certificate-unreadable', error);
  }
});

function warn(event: string, error: unknown): void {
  const reason = error instanceof Error ? error.message : String(error);
  const line = { time: new Date().toISOString(), level: 'warn', service: 'keys', event, reason };
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

function end(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' });
  response.end(body);
}

server.listen(Number(PORT), HOST);
for (const signal of ['SIGTERM', 'SIGINT']) {
  process.once(signal, () => {
    server.close();
    server.closeAllConnections();
  });
}
