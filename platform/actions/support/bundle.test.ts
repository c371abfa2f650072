import { randomBytes } from 'node:crypto';
import { appendFile, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writePrivate } from '../../edges/files.js';
import { ensureSecrets } from '../../local/secrets.js';
import { claimStateFolder, openStateFolder, type StateFolder } from '../../local/state-folder.js';
import { ensureKeyRing, signToken } from '../../local/tokens.js';
import { writeBundle } from './bundle.js';
import { redact } from './redact.js';

let folder: StateFolder;
let root: string;
beforeAll(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'bundle-'));
  folder = await openStateFolder(path.join(root, 'state'));
  await claimStateFolder(folder);
});
afterAll(() => rm(root, { recursive: true }));

describe('a support bundle', () => {
  it('holds what helps and none of the secrets, wherever they were written', async () => {
    const secrets = await ensureSecrets(folder);
    const ring = await ensureKeyRing(folder);
    const token = await signToken('operator', ring.signing);
    await writePrivate(folder.token('operator'), token);
    const pem = ring.base.key.export({ type: 'pkcs8', format: 'pem' }).toString();
    const variable = randomBytes(20).toString('hex');
    const planted = [...Object.values(secrets), token, variable];
    // Every secret in every place: as it is, in JSON, in a URL, in base64, in the middle of a line.
    const lines = planted.flatMap(value => [
      `saw ${value} here`,
      JSON.stringify({ message: value }),
      `https://host/?q=${encodeURIComponent(value)}&x=1`,
      `body ${Buffer.from(value).toString('base64')}`,
    ]);
    const text = `2026-01-01 INFO started\n${lines.join('\n')}\n${pem}\n${JSON.stringify({ pem })}\n`;
    for (const file of [
      folder.log('broker'),
      folder.config('broker.conf'),
      folder.processes,
      folder.record,
    ]) {
      await appendFile(file, text);
    }
    const config = path.join(root, 'platform.yaml');
    await writeFile(config, `name: voice\n# ${token}\npulsar: { values: { password: ${variable} } }\n`);
    const out = path.join(root, 'support.tar.gz');
    const bundle = await writeBundle({
      folder,
      config,
      findings: { 'status.json': { reason: `refused ${token}` } },
      env: { OPENAI_API_KEY: variable, PATH: '/usr/bin' },
      out,
    });
    const content = gunzipSync(await readFile(out)).toString('utf8');
    for (const value of planted) {
      expect(content).not.toContain(value);
      expect(content).not.toContain(Buffer.from(value).toString('base64'));
      expect(content).not.toContain(encodeURIComponent(value));
    }
    for (const line of pem.split('\n').filter(it => it !== '' && !it.startsWith('-----'))) {
      expect(content).not.toContain(line);
    }
    expect(content).toContain('INFO started');
    expect(content).toContain('name: voice');
    expect(bundle.files).toEqual(
      expect.arrayContaining(['logs/broker.log', 'config/broker.conf', 'status.json']),
    );
    expect((await stat(out)).mode & 0o777).toBe(0o600);
  });
});

describe('what looks like a secret', () => {
  it.each([
    'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ3ZWIifQ.c2lnbmF0dXJl',
    'AKIAIOSFODNN7EXAMPLE',
    'sk-proj-abcdefghijklmnop',
    'db_password=hunter2hunter2',
    '"apiKey": "q1w2e3r4t5"',
    'postgres://web:s3cr3tpass@db/voice',
    'authorization: Bearer abc.def',
    'https://s3/x?X-Amz-Signature=0123abcd&y=1',
  ])('%s is hidden, though nobody knows it', text => {
    const secret =
      /[^\s"'=:/&?@]+$/.exec(text.replace('@db/voice', '').replace('&y=1', '').replace(/"$/, ''))?.[0] ?? '';
    expect(redact(text, [])).toContain('[redacted]');
    expect(redact(text, [])).not.toContain(secret);
  });

  it('leaves alone what helps: file names, ids, ordinary words', () => {
    const text = 'tokenPublicKey=file:///state/token-keys/public.der at 12:0:-1 code AudioUnreadable';
    expect(redact(text, ['short'])).toBe(text);
  });
});
