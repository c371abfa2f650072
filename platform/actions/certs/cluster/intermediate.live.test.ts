import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  awsPrivateCa,
  describePrivateCa,
  ensurePrivateCa,
  privateCaClient,
  subordinateOf,
} from '../../../../certs/authorities/aws-private-ca/index.js';
import { certificatesIn } from '../../../../certs/index.js';
import { type FakePrivateCa, startFakePrivateCa } from '../../../../certs/testing/fake-private-ca.js';
import { dataOf } from '../../cluster/data.js';
import { awsIssuerDefinitions, type PlayedCa } from '../../cluster/testing/cert-manager.js';
import { issueAgain } from './issue.js';
import { certificateRef, secretRef } from './objects.js';
import { type RotationStand, standParts, startRotationStand } from './testing/rotation-stand.js';

const parts = await standParts(awsIssuerDefinitions);
const ISSUERS = { apiVersion: 'awspca.cert-manager.io/v1beta1', kind: 'AWSPCAClusterIssuer' };
const BESIDE = 'cert-manager';

/** A private CA signs one intermediate, by ACM PCA's wire protocol; that signs the leaves in the cluster. */
describe.skipIf(parts.missing !== '')(`rotation of an intermediate in the cluster${parts.missing}`, () => {
  let stand: RotationStand;
  let fake: FakePrivateCa;
  let present: { readonly arn: string; readonly root: string };
  let next: typeof present;
  let file: string;
  const env = { ...process.env };

  beforeAll(async () => {
    fake = await startFakePrivateCa({ delayMs: 5 });
    process.env['AWS_ACCESS_KEY_ID'] = 'test';
    process.env['AWS_SECRET_ACCESS_KEY'] = 'test';
    const client = privateCaClient({ region: 'eu-central-1', endpoint: fake.url });
    const patience = { firstDelayMs: 5 };
    const authorities = new Map<string, PlayedCa>();
    const made = async (commonName: string) => {
      const { arn } = await ensurePrivateCa({
        ...{ client, commonName, owner: 'voice', mode: 'general', signedBy: 'itself', patience },
      });
      const authority = await awsPrivateCa({ client, arn, patience });
      const certify = async (csr: string) =>
        subordinateOf(client, await describePrivateCa(client, arn), { csr, days: 365, patience });
      authorities.set(arn, { ...authority, certify });
      return { arn, root: certificatesIn(authority.roots)[0]?.pem ?? '' };
    };
    present = await made('voice root');
    next = await made('voice root 2');
    stand = await startRotationStand({
      ...parts,
      issuer: '{ kind: awsPrivateCa, mode: subordinate }',
      outputs: { privateCaArn: present.arn, trustedRoots: present.root },
      privateCa: async arn => {
        const authority = authorities.get(arn);
        if (authority === undefined) throw new Error(`no private CA ${arn}`);
        return authority;
      },
    });
    file = path.join(stand.folder, 'next-root.pem');
    await writeFile(file, next.root);
  }, 120_000);
  afterAll(async () => {
    await stand?.stop();
    await fake?.close();
    process.env = env;
  });

  const billed = () => fake.authorities.billed.certificates;
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
    const [before, leaf, asked] = [await intermediate(), await stand.secretOf('broker'), billed()];
    const options = { timeoutMs: 30_000, signal: new AbortController().signal };
    await issueAgain(stand.cluster, [certificateRef(await signing(), BESIDE)], options);
    const after = await intermediate();
    expect(after['tls.crt']).not.toBe(before['tls.crt']);
    expect(after['tls.key']).toBe(before['tls.key']);
    expect(billed()).toBe(asked + 1);
    expect(await stand.secretOf('broker')).toEqual(leaf);
    const { exitCode, stderr } = await stand.platform('rotate', 'thread');
    expect(exitCode, stderr).toBe(0);
    await stand.expectIssuedBy(present.root);
    expect(stand.dialled.refused).toEqual([]);
  }, 120_000);

  it('says which steps would come: with another private CA the root too, without one the key alone', async () => {
    const asked = billed();
    const alone = await steps();
    expect([alone[0], alone.at(-1)]).toEqual(['makeAuthority', 'end']);
    for (const step of ['trust', 'wait', 'retire']) expect(alone).not.toContain(step);
    const both = await steps('--next-arn', next.arn, '--next-root', file);
    for (const step of ['trust', 'wait', 'confirm', 'switchIssuer', 'reissue', 'retire'])
      expect(both).toContain(step);
    expect(billed()).toBe(asked);
  }, 60_000);

  it('gets a new key below the same root, killed at each of its steps, for the price of one certificate', async () => {
    const [before, asked] = [await intermediate(), billed()];
    const killed = await stand.killedThroughout();
    expect(killed.length).toBeGreaterThan(4);
    expect(await signing()).toBe('platform-intermediate-2');
    expect((await intermediate())['tls.key']).not.toBe(before['tls.key']);
    expect(billed()).toBe(asked + 1);
    await stand.expectIssuedBy(present.root);
    expect(await stand.bundle()).toBe(present.root);
    expect(await stand.leftovers()).toEqual(['platform', 'platform-parent']);
    expect(stand.dialled.refused).toEqual([]);
  }, 400_000);

  it('refuses a private CA that leads to another root than was said, and is taken back without a trace', async () => {
    await writeFile(file, present.root);
    const wrong = await stand.platform('rotate-ca', '--next-arn', next.arn, '--next-root', file, '--json');
    await writeFile(file, next.root);
    expect(JSON.parse(wrong.stdout)).toMatchObject({ error: { code: 'CertUntrusted', where: next.arn } });
    expect((await stand.platform('rotate-ca', '--abort')).exitCode).toBe(0);
    expect(await signing()).toBe('platform-intermediate-2');
    expect(await stand.bundle()).toBe(present.root);
    expect(await stand.leftovers()).toEqual(['platform', 'platform-parent']);
    expect(await stand.cluster.read(secretRef('platform-intermediate-3', BESIDE))).toBeUndefined();
  }, 120_000);

  it('moves below another private CA with its root, killed at each of its steps, and nobody is refused', async () => {
    const killed = await stand.killedThroughout('--next-arn', next.arn, '--next-root', file);
    expect(killed.length).toBeGreaterThan(6);
    await stand.expectIssuedBy(next.root);
    expect(certificatesIn(await stand.bundle()).map(({ pem }) => pem)).toEqual([next.root]);
    expect(await signing()).toBe('platform-intermediate-3');
    expect(stand.dialled.refused).toEqual([]);
    expect(stand.dialled.accepted).toBeGreaterThan(20);
  }, 400_000);

  it("is the config's again once that names the other private CA", async () => {
    const outputs = path.join(stand.folder, 'outputs.json');
    const apply = async ({ arn, root }: typeof present) => {
      await writeFile(
        outputs,
        JSON.stringify({ account: '123456789012', privateCaArn: arn, trustedRoots: root }),
      );
      return stand.platform('apply', '--stage', 'trust', '--outputs', outputs);
    };
    const behind = await apply(present);
    expect(behind.exitCode, behind.stderr).toBe(0);
    expect(behind.stderr).toContain('RotationNotInConfig: AWSPCAClusterIssuer platform-parent-2');
    const { exitCode, stderr } = await apply(next);
    expect(exitCode, stderr).toBe(0);
    expect(stderr).not.toContain('RotationNotInConfig');
    const parent = await stand.cluster.read({ ...ISSUERS, metadata: { name: 'platform-parent-2' } });
    expect(parent?.['spec']).toMatchObject({ arn: next.arn });
    expect(parent?.metadata?.managedFields?.map(({ manager }) => manager)).not.toContain('rotation');
    expect(await signing()).toBe('platform-intermediate-3');
  }, 120_000);
});
