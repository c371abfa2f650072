import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import getPort from 'get-port';
import { fetch } from 'undici';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { localAuthority, newLocalAuthority, requestCertificate } from '../../certs/index.js';
import { fetchDispatcher } from '../runtime/trust.js';

const PROGRAM = fileURLToPath(new URL('../../dist/demo-services/keys/main.js', import.meta.url));
const SET = JSON.stringify({ keys: [{ kid: '3Fk9aQ', kty: 'RSA' }] });

describe('the key server, as a process of its own', () => {
  let folder: string;
  let ask: (page: string) => Promise<{ readonly status: number; readonly text: string }>;
  let stop: () => Promise<void>;
  const file = (name: string) => path.join(folder, name);

  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'key-server-'));
    const material = await newLocalAuthority({ commonName: 'try', algorithm: 'ecdsa-p256' });
    const issued = await requestCertificate(await localAuthority(material), {
      ...{ workload: 'keys', commonName: 'keys', dnsNames: ['localhost'] },
      ...{ usages: ['server auth'], algorithm: 'ecdsa-p256', durationSeconds: 3_600 },
    });
    await writeFile(file('ca.crt'), material.root);
    await writeFile(file('tls.crt'), issued.certificate);
    await writeFile(file('tls.key'), issued.key);
    const port = await getPort({ host: '127.0.0.1' });
    const child = spawn(process.execPath, [PROGRAM], {
      env: {
        ...{ PORT: String(port), HOST: '127.0.0.1', ISSUER: 'https://keys', JWKS_FILE: file('jwks.json') },
        ...{ TLS_CERTIFICATE_FILE: file('tls.crt'), TLS_KEY_FILE: file('tls.key') },
      },
      stdio: 'ignore',
    });
    const ended = once(child, 'exit');
    stop = async () => {
      child.kill('SIGTERM');
      await ended;
    };
    const dispatcher = fetchDispatcher(file('ca.crt'));
    ask = async page => {
      const answer = await fetch(`https://localhost:${port}${page}`, { dispatcher });
      return { status: answer.status, text: await answer.text() };
    };
    await vi.waitFor(() => ask('/health'), { timeout: 20_000, interval: 100 });
  });
  afterAll(async () => {
    await stop?.();
    await rm(folder, { recursive: true, force: true });
  });

  it.each([
    ['no set there', undefined],
    ['half of one', SET.slice(0, 20)],
    ['one without keys', '{"keys":[]}'],
  ])('lives and is not ready while there is %s', async (_, set) => {
    if (set === undefined) await rm(file('jwks.json'), { force: true });
    else await writeFile(file('jwks.json'), set);
    expect((await ask('/health')).status).toBe(200);
    expect((await ask('/ready')).status).toBe(503);
  });

  it('is ready as soon as the set has a key, which it publishes', async () => {
    await writeFile(file('jwks.json'), SET);
    expect((await ask('/ready')).status).toBe(200);
    expect(await ask('/jwks.json')).toEqual({ status: 200, text: SET });
    expect((await ask('/keys/3Fk9aQ')).status).toBe(200);
    expect((await ask('/keys/b7Xk20')).status).toBe(404);
  });
});
