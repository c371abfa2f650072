import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fetch } from 'undici';
import { afterEach, describe, expect, it } from 'vitest';
import { localAuthority, newLocalAuthority, requestCertificate } from '../../certs/index.js';
import { readEnv, serviceEnv } from './env.js';
import { logTo } from './log.js';
import { metricsOf } from './metrics.js';
import { serve } from './server.js';
import { fetchDispatcher } from './trust.js';

let server: Awaited<ReturnType<typeof serve>> | undefined;
afterEach(() => server?.close());

/** The address that a request is counted under which says that it comes from somewhere else. */
async function seenAs(trustedProxies?: string[]): Promise<string> {
  const authority = await localAuthority(
    await newLocalAuthority({ commonName: 'test', algorithm: 'ecdsa-p256' }),
  );
  const { certificate, key } = await requestCertificate(authority, {
    ...{ workload: 'web', commonName: 'web', dnsNames: ['localhost'], usages: ['server auth'] },
    ...{ algorithm: 'ecdsa-p256', durationSeconds: 3_600 },
  });
  const folder = await mkdtemp(path.join(tmpdir(), 'proxies-'));
  const at = (file: string) => path.join(folder, file);
  await writeFile(at('tls.crt'), certificate);
  await writeFile(at('tls.key'), key, { mode: 0o600 });
  await writeFile(at('ca.crt'), authority.roots);
  server = await serve({
    ...{ host: '127.0.0.1', port: 0, trustedProxies },
    tls: { certificate: at('tls.crt'), key: at('tls.key') },
    ...{ log: logTo('test', 'silent'), metrics: metricsOf('test'), missing: async () => [] },
    routes: async app => {
      app.get('/ip', ({ ip }) => ip);
    },
  });
  const headers = { 'x-forwarded-for': '203.0.113.9, 10.0.3.4' };
  const dispatcher = fetchDispatcher(at('ca.crt'));
  return (await fetch(`https://localhost:${server.port}/ip`, { headers, dispatcher })).text();
}

describe('who asks', () => {
  it('is whoever has the connection, whatever the request says', async () => {
    expect(await seenAs()).toBe('127.0.0.1');
    await server?.close();
    expect(await seenAs(['10.0.0.0/16'])).toBe('127.0.0.1');
  });

  it('is who the trusted proxies say, and not what was put before', async () => {
    expect(await seenAs(['127.0.0.1'])).toBe('10.0.3.4');
    await server?.close();
    expect(await seenAs(['127.0.0.1', '10.0.0.0/16'])).toBe('203.0.113.9');
  });

  const read = (TRUSTED_PROXIES: string) =>
    readEnv(serviceEnv.pick({ TRUSTED_PROXIES: true }), { TRUSTED_PROXIES }).TRUSTED_PROXIES;
  it.each(['0.0.0.0/0', '::/0', '10.0.0.0/33', 'alb.example.com', '10.0.0.0/8,', 'true'])(
    'is not told by %s',
    text => expect(() => read(text)).toThrow(/TRUSTED_PROXIES/),
  );
  it('is told by addresses and networks', () => {
    expect(read('10.0.0.0/16, 192.0.2.1,2001:db8::/32')).toEqual([
      '10.0.0.0/16',
      '192.0.2.1',
      '2001:db8::/32',
    ]);
  });
});
