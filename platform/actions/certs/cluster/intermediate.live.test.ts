import { writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { certificatesIn } from '../../../../certs/index.js';
import { dataOf } from '../../cluster/data.js';
import { issueAgain } from './issue.js';
import { certificateRef, secretRef } from './objects.js';
import {
  AWS_ISSUERS,
  type PrivateCaStand,
  privateCaStandParts,
  startPrivateCaStand,
} from './testing/private-ca-stand.js';

const parts = await privateCaStandParts();
const BESIDE = 'cert-manager';

/** A private CA signs one intermediate; that signs the leaves in the cluster. */
describe.skipIf(parts.missing !== '')(`rotation of an intermediate in the cluster${parts.missing}`, () => {
  let stand: PrivateCaStand;
  beforeAll(async () => {
    const issuer = '{ kind: awsPrivateCa, mode: subordinate }';
    stand = await startPrivateCaStand({ ...parts, issuer, mode: 'general' });
  }, 120_000);
  afterAll(() => stand?.stop());

  const signing = async () => {
    const ref = { apiVersion: 'cert-manager.io/v1', kind: 'ClusterIssuer', metadata: { name: 'platform' } };
    const { ca } = ((await stand.cluster.read(ref))?.['spec'] ?? {}) as { ca?: { secretName: string } };
    return ca?.secretName ?? '';
  };
  const intermediate = async () => dataOf(stand.cluster, secretRef(await signing(), BESIDE));
  const steps = async (...flags: readonly string[]) => {
    const { stdout, stderr, exitCode } = await stand.platform('rotate-ca', '--plan', '--json', ...flags);
    expect(exitCode, stderr).toBe(0);
    return (JSON.parse(stdout) as { step: string }[]).map(({ step }) => step);
  };

  it('is renewed under its root and its key, and nothing else changes: no leaf is asked for again', async () => {
    const [before, leaf, asked] = [await intermediate(), await stand.secretOf('broker'), stand.billed()];
    const options = { timeoutMs: 30_000, signal: new AbortController().signal };
    await issueAgain(stand.cluster, [certificateRef(await signing(), BESIDE)], options);
    const after = await intermediate();
    expect(after['tls.crt']).not.toBe(before['tls.crt']);
    expect(after['tls.key']).toBe(before['tls.key']);
    expect(stand.billed()).toBe(asked + 1);
    expect(await stand.secretOf('broker')).toEqual(leaf);
    const { exitCode, stderr } = await stand.platform('rotate', 'thread');
    expect(exitCode, stderr).toBe(0);
    await stand.expectIssuedBy(stand.present.root);
    expect(stand.dialled.refused).toEqual([]);
  }, 120_000);

  it('says which steps would come: with another private CA the root too, without one the key alone', async () => {
    const asked = stand.billed();
    const alone = await steps();
    expect([alone[0], alone.at(-1)]).toEqual(['makeAuthority', 'end']);
    for (const step of ['trust', 'wait', 'retire']) expect(alone).not.toContain(step);
    const both = await steps(...stand.toNext);
    for (const step of ['trust', 'wait', 'confirm', 'switchIssuer', 'reissue', 'retire'])
      expect(both).toContain(step);
    expect(stand.billed()).toBe(asked);
  }, 60_000);

  it('gets a new key below the same root, killed at each of its steps, for the price of one certificate', async () => {
    const [before, asked] = [await intermediate(), stand.billed()];
    const killed = await stand.killedThroughout();
    expect(killed.length).toBeGreaterThan(4);
    expect(await signing()).toBe('platform-intermediate-2');
    expect((await intermediate())['tls.key']).not.toBe(before['tls.key']);
    expect(stand.billed()).toBe(asked + 1);
    await stand.expectIssuedBy(stand.present.root);
    expect(await stand.bundle()).toBe(stand.present.root);
    expect(await stand.leftovers()).toEqual(['platform', 'platform-parent']);
    expect(stand.dialled.refused).toEqual([]);
  }, 400_000);

  it('refuses a private CA that leads to another root than was said, and is taken back without a trace', async () => {
    await writeFile(stand.nextRoot, stand.present.root);
    const wrong = await stand.platform('rotate-ca', ...stand.toNext, '--json');
    await writeFile(stand.nextRoot, stand.next.root);
    expect(JSON.parse(wrong.stdout)).toMatchObject({
      error: { code: 'CertUntrusted', where: stand.next.arn },
    });
    expect((await stand.platform('rotate-ca', '--abort')).exitCode).toBe(0);
    expect(await signing()).toBe('platform-intermediate-2');
    expect(await stand.bundle()).toBe(stand.present.root);
    expect(await stand.leftovers()).toEqual(['platform', 'platform-parent']);
    expect(await stand.cluster.read(secretRef('platform-intermediate-3', BESIDE))).toBeUndefined();
  }, 120_000);

  it('moves below another private CA with its root, killed at each of its steps, and nobody is refused', async () => {
    const killed = await stand.killedThroughout(...stand.toNext);
    expect(killed.length).toBeGreaterThan(6);
    await stand.expectIssuedBy(stand.next.root);
    expect(certificatesIn(await stand.bundle()).map(({ pem }) => pem)).toEqual([stand.next.root]);
    expect(await signing()).toBe('platform-intermediate-3');
    expect(stand.dialled.refused).toEqual([]);
    expect(stand.dialled.accepted).toBeGreaterThan(20);
  }, 400_000);

  it("is the config's again once that names the other private CA", async () => {
    const behind = await stand.trust('apply', stand.present);
    expect(behind.exitCode, behind.stderr).toBe(0);
    expect(behind.stderr).toContain('RotationNotInConfig: AWSPCAClusterIssuer platform-parent-2');
    const { exitCode, stderr } = await stand.trust('apply', stand.next);
    expect(exitCode, stderr).toBe(0);
    expect(stderr).not.toContain('RotationNotInConfig');
    const parent = await stand.cluster.read({ ...AWS_ISSUERS, metadata: { name: 'platform-parent-2' } });
    expect(parent?.['spec']).toMatchObject({ arn: stand.next.arn });
    expect(parent?.metadata?.managedFields?.map(({ manager }) => manager)).not.toContain('rotation');
    expect(await signing()).toBe('platform-intermediate-3');
  }, 120_000);
});
