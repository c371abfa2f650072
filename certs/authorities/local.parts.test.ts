import { X509Certificate } from 'node:crypto';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import type { CertificateRequest } from '../../platform/plan/index.js';
import { requestCertificate } from '../request.js';
import { localAuthority, newLocalAuthority } from './local.js';

const broker: CertificateRequest = {
  workload: 'broker',
  commonName: 'broker',
  dnsNames: ['localhost'],
  usages: ['server auth', 'client auth'],
  algorithm: 'ecdsa-p256',
  durationSeconds: 3600,
};

describe.each(['ecdsa-p256', 'rsa-2048'] as const)('local authority with %s', algorithm => {
  it('issues a leaf that openssl verifies for its purpose and its host name, and for no other', async () => {
    const material = await newLocalAuthority({ commonName: 'test', algorithm });
    const issued = await requestCertificate(await localAuthority(material), { ...broker, algorithm });
    const folder = await mkdtemp(path.join(tmpdir(), 'authority-'));
    await Promise.all([
      writeFile(path.join(folder, 'root.pem'), material.root),
      writeFile(path.join(folder, 'leaf.pem'), issued.certificate),
    ]);
    const verify = (...more: string[]) =>
      execa(
        'openssl',
        ['verify', '-x509_strict', '-CAfile', 'root.pem', '-untrusted', 'leaf.pem', ...more, 'leaf.pem'],
        {
          cwd: folder,
          reject: false,
        },
      );

    expect((await verify('-purpose', 'sslserver', '-verify_hostname', 'localhost')).stdout).toBe(
      'leaf.pem: OK',
    );
    expect((await verify('-purpose', 'sslclient')).exitCode).toBe(0);
    expect((await verify('-verify_hostname', 'example.com')).exitCode).not.toBe(0);
  });

  it('gives a key that belongs to the certificate', async () => {
    const material = await newLocalAuthority({ commonName: 'test', algorithm });
    const issued = await requestCertificate(await localAuthority(material), { ...broker, algorithm });
    const { createPrivateKey } = await import('node:crypto');
    expect(new X509Certificate(issued.certificate).checkPrivateKey(createPrivateKey(issued.key))).toBe(true);
  });
});

it('gives a server no client usage, and a client no server usage', async () => {
  const material = await newLocalAuthority({ commonName: 'test', algorithm: 'ecdsa-p256' });
  const authority = await localAuthority(material);
  const usagesOf = async (usages: CertificateRequest['usages']) => {
    const { certificate } = await requestCertificate(authority, { ...broker, usages });
    return new X509Certificate(certificate).keyUsage;
  };
  expect(await usagesOf(['server auth'])).toEqual(['1.3.6.1.5.5.7.3.1']);
  expect(await usagesOf(['client auth'])).toEqual(['1.3.6.1.5.5.7.3.2']);
});

it('never outlives its intermediate', async () => {
  const material = await newLocalAuthority({ commonName: 'test', algorithm: 'ecdsa-p256', days: 1 });
  const { certificate } = await requestCertificate(await localAuthority(material), {
    ...broker,
    durationSeconds: 90 * 86_400,
  });
  const [leaf, intermediate] = [certificate, material.intermediate].map(
    pem => new X509Certificate(pem).validTo,
  );
  expect(leaf).toBe(intermediate);
});
