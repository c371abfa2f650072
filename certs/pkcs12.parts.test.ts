import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { localAuthority, newLocalAuthority, requestCertificate, toPkcs12 } from './index.js';

let folder: string;
let leaf: string;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'pkcs12-'));
  const material = await newLocalAuthority({ commonName: 'test', algorithm: 'ecdsa-p256' });
  const issued = await requestCertificate(await localAuthority(material), {
    workload: 'store',
    commonName: 'store',
    dnsNames: ['localhost'],
    usages: ['server auth'],
    algorithm: 'ecdsa-p256',
    durationSeconds: 3600,
  });
  leaf = issued.certificate;
  await writeFile(path.join(folder, 'store.p12'), toPkcs12(issued, 'secret'));
});

afterAll(() => rm(folder, { recursive: true }));

it('holds the key with its whole chain, as openssl reads it', async () => {
  const { stdout } = await execa(
    'openssl',
    ['pkcs12', '-in', 'store.p12', '-nomacver', '-nodes', '-passin', 'pass:secret'],
    {
      cwd: folder,
    },
  );
  expect(stdout).toContain('BEGIN PRIVATE KEY');
  expect(stdout.match(/BEGIN CERTIFICATE/g)).toHaveLength(2);
  expect(stdout).toContain(leaf.slice(0, 200));
});

it('gives the key to nobody who does not know the passphrase', async () => {
  const { exitCode } = await execa(
    'openssl',
    ['pkcs12', '-in', 'store.p12', '-nomacver', '-nodes', '-nocerts', '-passin', 'pass:wrong'],
    {
      cwd: folder,
      reject: false,
    },
  );
  expect(exitCode).not.toBe(0);
});
