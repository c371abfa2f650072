import { X509Certificate } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { CertificateRequest } from '../../../platform/plan/index.js';
import { inspectMaterial, readMaterial } from '../../inspect/index.js';
import { certificatesIn } from '../../pem.js';
import { requestCertificate } from '../../request.js';
import {
  type FakePrivateCa,
  type FakePrivateCaOptions,
  startFakePrivateCa,
} from '../../testing/fake-private-ca.js';
import { forgeRequest } from '../../testing/forge.js';
import { checkIssued } from '../check-issued.js';
import { localAuthority, newLocalAuthority } from '../local.js';
import { newRoot } from '../own-root.js';
import {
  auditReport,
  awsPrivateCa,
  type CaNeeds,
  deletePrivateCa,
  describePrivateCa,
  ensurePrivateCa,
  newIntermediate,
  type PrivateCa,
  privateCaClient,
  restorePrivateCa,
  revoke,
  unfitFor,
} from './index.js';

const DAY = 86_400;
const broker: CertificateRequest = {
  workload: 'broker',
  commonName: 'broker',
  dnsNames: ['broker.pulsar.svc', '*.broker.pulsar.svc'],
  usages: ['server auth', 'client auth'],
  algorithm: 'ecdsa-p256',
  durationSeconds: 7 * DAY,
};
const patience = { firstDelayMs: 10, maxDelayMs: 50 };
const env = { ...process.env };
beforeAll(() => {
  process.env['AWS_ACCESS_KEY_ID'] = 'test';
  process.env['AWS_SECRET_ACCESS_KEY'] = 'test';
});
afterAll(() => {
  process.env = env;
});

const running: FakePrivateCa[] = [];
async function start(options: FakePrivateCaOptions = {}) {
  const fake = await startFakePrivateCa(options);
  running.push(fake);
  const client = privateCaClient({ region: 'eu-central-1', endpoint: fake.url });
  const root = (more: Partial<Parameters<typeof ensurePrivateCa>[0]> = {}) =>
    ensurePrivateCa({
      client,
      commonName: 'voice root',
      owner: 'voice',
      signedBy: 'itself',
      patience,
      ...more,
    });
  return { fake, client, root };
}
afterAll(() => Promise.all(running.map(fake => fake.close())));

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
    const { certificate } = await requestCertificate(authority, broker);
    expect(findingsOf(certificate, authority.roots, broker.dnsNames.slice(0, 1))).toEqual([]);
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
    const { certificate } = await requestCertificate(authority, { ...broker, usages });
    expect(new X509Certificate(certificate).keyUsage).toEqual(oids);
  });

  it('a general root signs a short-lived subordinate, whose leaves carry both up to the root', async () => {
    const { client, root } = await start();
    const above = await root({ mode: 'general' });
    const below = await root({ commonName: 'voice issuing', signedBy: { arn: above.arn }, days: 365 });
    const authority = await awsPrivateCa({ client, arn: below.arn, patience });
    const { certificate } = await requestCertificate(authority, broker);
    expect(certificatesIn(certificate)).toHaveLength(2);
    expect(findingsOf(certificate, authority.roots, ['broker.pulsar.svc'])).toEqual([]);
  });

  it('a root of our own signs a subordinate in AWS, with RSA too', async () => {
    const { client, root } = await start();
    const signedBy = await newRoot('own root', 'rsa-2048');
    const { arn } = await root({ commonName: 'voice issuing', signedBy, algorithm: 'rsa-2048', days: 365 });
    const authority = await awsPrivateCa({ client, arn, patience });
    const { certificate } = await requestCertificate(authority, { ...broker, algorithm: 'rsa-2048' });
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
    const issued = await Promise.all(Array.from({ length: 10 }, () => requestCertificate(authority, broker)));
    expect(fake.authorities.billed.certificates).toBe(before);
    expect(findingsOf(issued[0]?.certificate ?? '', authority.roots, ['broker.pulsar.svc'])).toEqual([]);
  });

  it('revokes, also twice; reports; is deleted with days to restore it, and restored', async () => {
    const { client, root } = await start();
    const { arn } = await root();
    const authority = await awsPrivateCa({ client, arn, patience });
    const { certificate } = await requestCertificate(authority, broker);
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
    const issued = await Promise.all(Array.from({ length: 20 }, () => requestCertificate(authority, broker)));
    expect(new Set(issued.map(({ certificate }) => new X509Certificate(certificate).serialNumber)).size).toBe(
      20,
    );
    expect(fake.authorities.billed).toEqual({ authorities: 1, certificates: 21 });
    expect(fake.calls.get('IssueCertificate')).toBeGreaterThan(21);
  }, 60_000);
});

describe('what AWS would refuse, or bill in vain, is refused before the call', () => {
  let fake: FakePrivateCa;
  let issue: (request: CertificateRequest) => Promise<unknown>;
  let arn: string;
  let client: ReturnType<typeof privateCaClient>;
  beforeEach(async () => {
    const started = await start();
    ({ fake, client } = started);
    ({ arn } = await started.root({ days: 30 }));
    const authority = await awsPrivateCa({ client, arn, patience });
    issue = request => requestCertificate(authority, request);
  });

  it.each([
    ['8 days of a short-lived authority', { durationSeconds: 8 * DAY }, 'CertTooLongForMode'],
    ['an hour more than 7 days', { durationSeconds: 7 * DAY + 3600 }, 'CertTooLongForMode'],
    ['a common name of 65 bytes', { commonName: 'a'.repeat(65) }, 'CertBadName'],
    ['a wildcard over a top-level domain', { dnsNames: ['*.example'] }, 'CertBadName'],
    ['an address as a DNS name', { dnsNames: ['10.0.0.1'] }, 'CertBadName'],
    ['no usage', { usages: [] }, 'CertWrongUsage'],
  ] as const)('%s', async (_, wrong, code) => {
    const before = fake.calls.get('IssueCertificate');
    await expect(issue({ ...broker, ...wrong })).rejects.toMatchObject({ code, refused: true });
    expect(fake.calls.get('IssueCertificate')).toBe(before);
  });

  it('a disabled authority', async () => {
    await deletePrivateCa(client, arn, 7);
    await expect(issue(broker)).rejects.toMatchObject({ code: 'AuthorityNotActive', refused: true });
  });

  it('a signing request without the names that are asked for', async () => {
    const authority = await awsPrivateCa({ client, arn, patience });
    const { commonName, dnsNames, usages, durationSeconds } = broker;
    const asked = authority.issue({ csr: forgeRequest(), commonName, dnsNames, usages, durationSeconds });
    await expect(asked).rejects.toMatchObject({ code: 'CertNameMismatch' });
  });

  it('a leaf or an authority that would outlive the one that signs it', async () => {
    const { client: other, root } = await start();
    const parent = await root({ mode: 'general', days: 5 });
    const authority = await awsPrivateCa({ client: other, arn: parent.arn, patience });
    await expect(requestCertificate(authority, broker)).rejects.toMatchObject({ code: 'CertOutlivesIssuer' });
    const below = newIntermediate({
      client: other,
      parent: parent.arn,
      commonName: 'x',
      algorithm: 'ecdsa-p256',
      days: 6,
    });
    await expect(below).rejects.toMatchObject({ code: 'CertOutlivesIssuer' });
  });

  it('an intermediate of a short-lived authority', async () => {
    const below = newIntermediate({ client, parent: arn, commonName: 'x', algorithm: 'ecdsa-p256', days: 1 });
    await expect(below).rejects.toMatchObject({ code: 'AuthorityModeUnfit', refused: true });
  });

  it('fewer days to restore than AWS has', async () => {
    await expect(deletePrivateCa(client, arn, 6)).rejects.toMatchObject({
      code: 'AuthorityRefused',
      refused: true,
    });
  });
});

describe('what only AWS knows is said in our words', () => {
  it('a quota that is used up', async () => {
    const { root } = await start({ maxAuthorities: 1 });
    await root();
    await expect(root({ commonName: 'one more' })).rejects.toMatchObject({ code: 'AuthorityQuota' });
  });

  it('an authority that is not there', async () => {
    const { client } = await start();
    const arn =
      'arn:aws:acm-pca:eu-central-1:111122223333:certificate-authority/00000000-0000-0000-0000-000000000000';
    await expect(awsPrivateCa({ client, arn })).rejects.toMatchObject({ code: 'AuthorityNotFound' });
  });
});

describe('a bad moment is said by its name, with the way out', () => {
  it.each([
    ['ExpiredTokenException', 'CredentialsMissing', /sign in again/],
    ['UnrecognizedClientException', 'CredentialsMissing', /sign in again/],
    ['InvalidSignatureException', 'AuthorityAccessDenied', /clock/],
    ['AccessDeniedException', 'AuthorityAccessDenied', /allow the actions/],
    ['RequestFailedException', 'AuthorityRefused', /again/],
  ])('%s is %s', async (name, code, fix) => {
    const { client, root, fake } = await start({ refuses: () => refusal });
    let refusal: string | undefined;
    const { arn } = await root();
    refusal = name;
    await expect(describePrivateCa(client, arn)).rejects.toMatchObject({
      ...{ code, fix: expect.stringMatching(fix), where: arn },
      refused: code === 'CredentialsMissing',
    });
    expect(fake.authorities.billed).toEqual({ authorities: 1, certificates: 1 });
  });

  it('nobody answers', async () => {
    const { arn } = await (await start()).root();
    const client = privateCaClient({ region: 'eu-central-1', endpoint: 'http://127.0.0.1:1', attempts: 2 });
    await expect(describePrivateCa(client, arn)).rejects.toMatchObject({ code: 'AuthorityUnreachable' });
  });

  it.each([
    ['PENDING_CERTIFICATE', /import it/],
    ['DISABLED', /authority restore/],
    ['DELETED', /while its days last/],
    ['EXPIRED', /rotate-ca/],
  ] as const)('an authority that is %s issues nothing, and nothing is billed', async (status, fix) => {
    const { client, root, fake } = await start();
    const { arn } = await root({ mode: 'general' });
    const authority = await awsPrivateCa({ client, arn, patience });
    fake.authorities.setStatus(arn, status);
    await expect(requestCertificate(authority, broker)).rejects.toMatchObject({
      ...{ code: 'AuthorityNotActive', refused: true },
      findings: [expect.objectContaining({ saw: status, fix: expect.stringMatching(fix) })],
    });
    const below = newIntermediate({ client, parent: arn, commonName: 'x', algorithm: 'ecdsa-p256' });
    await expect(below).rejects.toMatchObject({ code: 'AuthorityNotActive', saw: status });
    expect(fake.authorities.billed.certificates).toBe(1);
  });

  it('one that is disabled between two requests is refused by AWS itself, by the same code', async () => {
    const { client, root, fake } = await start();
    const { arn } = await root();
    const authority = await awsPrivateCa({ client, arn, patience });
    await requestCertificate(authority, broker);
    fake.authorities.setStatus(arn, 'DISABLED');
    await expect(requestCertificate(authority, broker)).rejects.toMatchObject({ code: 'AuthorityNotActive' });
  });

  it('a deleted one is not taken for the one of its name, and can still be restored', async () => {
    const { client, root, fake } = await start();
    const { arn } = await root();
    await deletePrivateCa(client, arn, 7);
    // Within its five minutes the token of the first request leads to what it made.
    await expect(root()).rejects.toMatchObject({
      ...{ code: 'AuthorityNotActive', saw: 'DELETED', fix: expect.stringContaining('restore') },
    });
    await restorePrivateCa(client, arn);
    expect((await root()).arn).toBe(arn);
    expect(fake.authorities.billed.authorities).toBe(1);
  });

  it('a key of another kind under the same name is refused, and nothing is made', async () => {
    const { root, fake } = await start();
    await root();
    await expect(root({ algorithm: 'rsa-2048' })).rejects.toMatchObject({
      ...{ code: 'AuthorityAlgorithmUnfit', saw: 'EC_prime256v1', refused: true },
    });
    expect(fake.authorities.billed.authorities).toBe(1);
  });

  it('a certificate that somebody else has issued is not revoked here', async () => {
    const { client, root } = await start();
    const { arn } = await root();
    await expect(revoke(client, arn, '0a0b0c')).rejects.toMatchObject({
      ...{ code: 'AuthorityRefused', saw: 'serial number 0a0b0c', refused: true },
    });
  });

  it('a machine whose clock is hours behind takes no certificate that it could not serve', async () => {
    const ahead = await localAuthority(await newLocalAuthority({ commonName: 'x', algorithm: 'ecdsa-p256' }));
    const now = Date.now;
    const issue: typeof ahead.issue = async request => {
      Date.now = () => now() + 3 * 3_600_000;
      const issued = await ahead.issue(request).finally(() => {
        Date.now = now;
      });
      checkIssued(issued, request, 'an authority');
      return issued;
    };
    const asked = requestCertificate({ ...ahead, issue }, broker);
    await expect(asked).rejects.toMatchObject({ code: 'CertNotYetValid', where: 'broker' });
  });
});

describe('a private CA that somebody else has made', () => {
  const now = new Date('2027-01-01T00:00:00Z');
  const ca: PrivateCa = {
    arn: 'arn:aws:acm-pca:eu-central-1:111122223333:certificate-authority/a',
    type: 'subordinate',
    mode: 'general',
    status: 'ACTIVE',
    commonName: 'company issuing',
    notAfter: new Date('2030-01-01T00:00:00Z'),
    keyAlgorithm: 'RSA_4096',
    signingAlgorithm: 'SHA256WITHRSA',
  };
  const needs: CaNeeds = { signs: 'leaves', seconds: 7 * DAY, mode: 'general' };

  it.each(['RSA_2048', 'EC_prime256v1', 'EC_secp384r1', 'EC_secp521r1'])('with %s will do', keyAlgorithm => {
    expect(unfitFor(needs, { ...ca, keyAlgorithm }, now)).toEqual([]);
  });

  it.each([
    [
      'an algorithm that no client takes',
      {},
      { keyAlgorithm: 'ML_DSA_65' },
      'AuthorityAlgorithmUnfit',
      'error',
    ],
    ['the algorithm of another country', {}, { keyAlgorithm: 'SM2' }, 'AuthorityAlgorithmUnfit', 'error'],
    ['a state in which it issues nothing', {}, { status: 'DISABLED' }, 'AuthorityNotActive', 'error'],
    [
      'leaves only, for an intermediate',
      { signs: 'intermediate' },
      { mode: 'short-lived' },
      'AuthorityModeUnfit',
      'error',
    ],
    [
      '7 days, for leaves of 30',
      { seconds: 30 * DAY },
      { mode: 'short-lived' },
      'CertTooLongForMode',
      'error',
    ],
    ['another price than the config says', {}, { mode: 'short-lived' }, 'AuthorityModeUnfit', 'warning'],
    [
      'an end before that of its leaves',
      {},
      { notAfter: new Date('2027-01-05T00:00:00Z') },
      'CertOutlivesIssuer',
      'error',
    ],
  ] as const)('with %s is named', (_, wanted, is, code, severity) => {
    expect(unfitFor({ ...needs, ...wanted }, { ...ca, ...is }, now)).toMatchObject([{ code, severity }]);
  });
});
