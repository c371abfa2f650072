import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import getPort from 'get-port';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CertificateRequest } from '../../../platform/plan/index.js';
import { certificatesIn } from '../../pem.js';
import { requestCertificate } from '../../request.js';
import { newRoot } from '../own-root.js';
import {
  awsPrivateCa,
  deletePrivateCa,
  describePrivateCa,
  ensurePrivateCa,
  privateCaClient,
  revoke,
} from './index.js';

const program = process.env['MOTO_SERVER'] ?? 'moto_server';
const hasMoto = spawnSync(program, ['--help']).status === 0;

const broker: CertificateRequest = {
  workload: 'broker',
  commonName: 'broker',
  dnsNames: ['broker.pulsar.svc'],
  usages: ['server auth', 'client auth'],
  algorithm: 'rsa-2048',
  durationSeconds: 7 * 86_400,
};

describe.skipIf(!hasMoto)('the life of a private CA on moto (moto_server on PATH, or MOTO_SERVER)', () => {
  let moto: ChildProcess;
  const env = { ...process.env };
  beforeAll(async () => {
    const port = await getPort({ host: '127.0.0.1' });
    moto = spawn(program, ['-H', '127.0.0.1', '-p', String(port)], { stdio: 'ignore' });
    // The SDK's own variables, as a user would set them.
    process.env['AWS_ENDPOINT_URL_ACM_PCA'] = `http://127.0.0.1:${port}`;
    process.env['AWS_ACCESS_KEY_ID'] = 'test';
    process.env['AWS_SECRET_ACCESS_KEY'] = 'test';
    await answering(`http://127.0.0.1:${port}/moto-api/`);
  }, 60_000);
  afterAll(() => {
    moto.kill();
    process.env = env;
  });

  const client = () => privateCaClient({ region: 'eu-central-1' });
  const patience = { firstDelayMs: 20 };

  it('goes from nothing to a root that issues, and finds it again', async () => {
    const props = {
      client: client(),
      commonName: 'voice root',
      owner: 'voice',
      algorithm: 'rsa-2048',
      patience,
    } as const;
    const root = await ensurePrivateCa({ ...props, signedBy: 'itself' });
    expect(root).toMatchObject({ status: 'ACTIVE', type: 'root' });
    expect((await ensurePrivateCa({ ...props, signedBy: 'itself' })).arn).toBe(root.arn);

    const authority = await awsPrivateCa({ client: client(), arn: root.arn, patience });
    const { certificate } = await requestCertificate(authority, broker);
    const [leaf] = certificatesIn(certificate);
    expect(leaf?.x509.subjectAltName).toBe('DNS:broker.pulsar.svc');
    expect(leaf?.x509.verify(new X509Certificate(authority.roots).publicKey)).toBe(true);

    await revoke(client(), root.arn, leaf?.x509.serialNumber ?? '', 'KEY_COMPROMISE');
    await deletePrivateCa(client(), root.arn, 7);
    expect((await describePrivateCa(client(), root.arn)).status).toBe('DELETED');
  });

  it('makes a subordinate below a root of our own, and tells that root to diallers', async () => {
    const signedBy = await newRoot('voice own root', 'rsa-2048');
    const { arn } = await ensurePrivateCa({
      client: client(),
      commonName: 'voice issuing',
      owner: 'voice',
      signedBy,
      algorithm: 'rsa-2048',
      patience,
    });
    const authority = await awsPrivateCa({ client: client(), arn, patience });
    const { certificate } = await requestCertificate(authority, broker);
    expect(certificatesIn(authority.roots).map(({ x509 }) => x509.subject)).toEqual(['CN=voice own root']);
    expect(certificatesIn(certificate)[1]?.x509.subject).toContain('CN=voice issuing');
  });

  it('says in our words that there is no such authority', async () => {
    const arn =
      'arn:aws:acm-pca:eu-central-1:123456789012:certificate-authority/00000000-0000-0000-0000-000000000000';
    await expect(describePrivateCa(client(), arn)).rejects.toMatchObject({ code: 'AuthorityNotFound' });
  });
});

async function answering(url: string): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt += 1) {
    if (
      await fetch(url).then(
        ({ ok }) => ok,
        () => false,
      )
    )
      return;
    await sleep(100);
  }
  throw new Error(`${url} doesn't answer`);
}
