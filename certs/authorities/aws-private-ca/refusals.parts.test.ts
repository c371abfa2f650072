import { beforeEach, describe, expect, it } from 'vitest';
import type { CertificateRequest } from '../../../platform/plan/index.js';
import { requestCertificate } from '../../request.js';
import type { FakePrivateCa } from '../../testing/fake-private-ca.js';
import { forgeRequest } from '../../testing/forge.js';
import { BROKER, patience, privateCas } from '../../testing/private-ca.js';
import { checkIssued } from '../check-issued.js';
import { localAuthority, newLocalAuthority } from '../local.js';
import {
  awsPrivateCa,
  deletePrivateCa,
  describePrivateCa,
  newIntermediate,
  privateCaClient,
  restorePrivateCa,
  revoke,
} from './index.js';

const DAY = 86_400;
const start = privateCas();

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
    await expect(issue({ ...BROKER, ...wrong })).rejects.toMatchObject({ code, refused: true });
    expect(fake.calls.get('IssueCertificate')).toBe(before);
  });

  it('a disabled authority', async () => {
    await deletePrivateCa(client, arn, 7);
    await expect(issue(BROKER)).rejects.toMatchObject({ code: 'AuthorityNotActive', refused: true });
  });

  it('a signing request without the names that are asked for', async () => {
    const authority = await awsPrivateCa({ client, arn, patience });
    const { commonName, dnsNames, usages, durationSeconds } = BROKER;
    const asked = authority.issue({ csr: forgeRequest(), commonName, dnsNames, usages, durationSeconds });
    await expect(asked).rejects.toMatchObject({ code: 'CertNameMismatch' });
  });

  it('a leaf or an authority that would outlive the one that signs it', async () => {
    const { client: other, root } = await start();
    const parent = await root({ mode: 'general', days: 5 });
    const authority = await awsPrivateCa({ client: other, arn: parent.arn, patience });
    await expect(requestCertificate(authority, BROKER)).rejects.toMatchObject({ code: 'CertOutlivesIssuer' });
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
      // It may come after something was done, of which nobody may say that nothing was changed.
      ...{ code, fix: expect.stringMatching(fix), where: arn, refused: false },
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
    await expect(requestCertificate(authority, BROKER)).rejects.toMatchObject({
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
    await requestCertificate(authority, BROKER);
    fake.authorities.setStatus(arn, 'DISABLED');
    await expect(requestCertificate(authority, BROKER)).rejects.toMatchObject({ code: 'AuthorityNotActive' });
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
    const asked = requestCertificate({ ...ahead, issue }, BROKER);
    await expect(asked).rejects.toMatchObject({ code: 'CertNotYetValid', where: 'broker' });
  });
});
