import { X509Certificate } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { inspectMaterial, readMaterial } from '../../inspect/index.js';
import { certificatesIn } from '../../pem.js';
import { requestCertificate } from '../../request.js';
import { BROKER, patience, privateCas } from '../../testing/private-ca.js';
import { localAuthority } from '../local.js';
import { newRoot } from '../own-root.js';
import {
  auditReport,
  awsPrivateCa,
  deletePrivateCa,
  describePrivateCa,
  newIntermediate,
  restorePrivateCa,
  revoke,
} from './index.js';

const start = privateCas();

function findingsOf(chain: string, roots: string, names: readonly string[]) {
  const trusted = readMaterial(Buffer.from(roots), 'roots').certificates;
  return inspectMaterial(readMaterial(Buffer.from(chain), 'chain'), { at: new Date(), roots: trusted, names })
    .findings;
}

describe('the life of a private CA', () => {
  it('has a key as long as is asked for', async () => {
    const { client, root } = await start();
    const { arn } = await root({ algorithm: 'rsa-3072' });
    const { roots } = await awsPrivateCa({ client, arn, patience });
    expect(new X509Certificate(roots).publicKey.asymmetricKeyDetails?.modulusLength).toBe(3072);
  });

  it('a short-lived root comes to life, issues, and its chain is without fault', async () => {
    const { client, root } = await start();
    const { arn, mode, status } = await root();
    expect({ mode, status }).toEqual({ mode: 'short-lived', status: 'ACTIVE' });
    const authority = await awsPrivateCa({ client, arn, patience });
    const { certificate } = await requestCertificate(authority, BROKER);
    expect(findingsOf(certificate, authority.roots, BROKER.dnsNames.slice(0, 1))).toEqual([]);
  });

  it.each([
    [
      ['server auth', 'client auth'],
      ['1.3.6.1.5.5.7.3.1', '1.3.6.1.5.5.7.3.2'],
    ],
    [['server auth'], ['1.3.6.1.5.5.7.3.1']],
    [['client auth'], ['1.3.6.1.5.5.7.3.2']],
  ] as const)('issues for %j with exactly these usages', async (usages, oids) => {
    const { client, root } = await start();
    const authority = await awsPrivateCa({ client, arn: (await root()).arn, patience });
    const { certificate } = await requestCertificate(authority, { ...BROKER, usages });
    expect(new X509Certificate(certificate).keyUsage).toEqual(oids);
  });

  it('a general root signs a short-lived subordinate, whose leaves carry both up to the root', async () => {
    const { client, root } = await start();
    const above = await root({ mode: 'general' });
    const below = await root({ commonName: 'voice issuing', signedBy: { arn: above.arn }, days: 365 });
    const authority = await awsPrivateCa({ client, arn: below.arn, patience });
    const { certificate } = await requestCertificate(authority, BROKER);
    expect(certificatesIn(certificate)).toHaveLength(2);
    expect(findingsOf(certificate, authority.roots, ['broker.pulsar.svc'])).toEqual([]);
  });

  it('a root of our own signs a subordinate in AWS, with RSA too', async () => {
    const { client, root } = await start();
    const signedBy = await newRoot('own root', 'rsa-2048');
    const { arn } = await root({ commonName: 'voice issuing', signedBy, algorithm: 'rsa-2048', days: 365 });
    const authority = await awsPrivateCa({ client, arn, patience });
    const { certificate } = await requestCertificate(authority, { ...BROKER, algorithm: 'rsa-2048' });
    expect(findingsOf(certificate, authority.roots, ['broker.pulsar.svc'])).toEqual([]);
  });

  it('signs one intermediate, and then its leaves cost no call', async () => {
    const { fake, client, root } = await start();
    const { arn } = await root({ mode: 'general' });
    const material = await newIntermediate({
      client,
      parent: arn,
      commonName: 'in the cluster',
      algorithm: 'ecdsa-p256',
      patience,
    });
    const before = fake.authorities.billed.certificates;
    const authority = await localAuthority(material);
    const issued = await Promise.all(Array.from({ length: 10 }, () => requestCertificate(authority, BROKER)));
    expect(fake.authorities.billed.certificates).toBe(before);
    expect(findingsOf(issued[0]?.certificate ?? '', authority.roots, ['broker.pulsar.svc'])).toEqual([]);
  });

  it('revokes, also twice; reports; is deleted with days to restore it, and restored', async () => {
    const { client, root } = await start();
    const { arn } = await root();
    const authority = await awsPrivateCa({ client, arn, patience });
    const { certificate } = await requestCertificate(authority, BROKER);
    const { serialNumber } = new X509Certificate(certificate);
    await revoke(client, arn, serialNumber.toLowerCase(), 'KEY_COMPROMISE');
    await revoke(client, arn, serialNumber, 'KEY_COMPROMISE');
    expect((await auditReport(client, arn, 'reports', patience)).key).toMatch(/^audit-report\//);
    await deletePrivateCa(client, arn, 7);
    await deletePrivateCa(client, arn, 7);
    expect((await describePrivateCa(client, arn)).status).toBe('DELETED');
    await restorePrivateCa(client, arn);
    expect((await describePrivateCa(client, arn)).status).toBe('ACTIVE');
  });
});

describe('what costs money', () => {
  it('is not made twice when it is asked for again', async () => {
    const { fake, root } = await start();
    const [first, second] = [await root(), await root()];
    expect(second.arn).toBe(first.arn);
    expect(fake.authorities.billed).toEqual({ authorities: 1, certificates: 1 });
  });

  it('goes on where an interrupted run stopped', async () => {
    const { fake, root } = await start({ delayMs: 300 });
    await expect(root({ patience: { ...patience, timeoutMs: 50 } })).rejects.toMatchObject({
      code: 'Timeout',
    });
    expect((await root()).status).toBe('ACTIVE');
    expect(fake.authorities.billed).toEqual({ authorities: 1, certificates: 1 });
  });

  it('is not made for a parent that will not sign it, or under a name that has another mode', async () => {
    const { fake, root } = await start();
    const parent = await root({ mode: 'general', days: 30 });
    const below = root({ commonName: 'below', signedBy: { arn: parent.arn }, days: 31 });
    await expect(below).rejects.toMatchObject({ code: 'CertOutlivesIssuer', refused: true });
    await expect(root({ mode: 'short-lived' })).rejects.toMatchObject({ code: 'AuthorityModeUnfit' });
    expect(fake.authorities.billed.authorities).toBe(1);
  });

  it('is not taken from another owner who uses the same name', async () => {
    const { root } = await start();
    expect((await root({ owner: 'other' })).arn).not.toBe((await root()).arn);
  });

  it('is made once for each request though 30 % of the calls are throttled and 10 % of the answers lost', async () => {
    const { fake, client, root } = await start({ throttled: 0.3, lost: 0.1, seed: 7 });
    const { arn } = await root();
    const authority = await awsPrivateCa({ client, arn, patience });
    const issued = await Promise.all(Array.from({ length: 20 }, () => requestCertificate(authority, BROKER)));
    expect(new Set(issued.map(({ certificate }) => new X509Certificate(certificate).serialNumber)).size).toBe(
      20,
    );
    expect(fake.authorities.billed).toEqual({ authorities: 1, certificates: 21 });
    expect(fake.calls.get('IssueCertificate')).toBeGreaterThan(21);
  }, 60_000);
});
