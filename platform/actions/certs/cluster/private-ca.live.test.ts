import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  awsPrivateCa,
  ensurePrivateCa,
  privateCaClient,
} from '../../../../certs/authorities/aws-private-ca/index.js';
import { type Authority, certificatesIn } from '../../../../certs/index.js';
import { type FakePrivateCa, startFakePrivateCa } from '../../../../certs/testing/fake-private-ca.js';
import type { ObjectRef } from '../../../edges/kubernetes.js';
import { awsIssuerDefinitions } from '../../cluster/testing/cert-manager.js';
import { secretRef } from './objects.js';
import { type RotationStand, standParts, startRotationStand } from './testing/rotation-stand.js';

const parts = await standParts(awsIssuerDefinitions);
const ISSUERS = { apiVersion: 'awspca.cert-manager.io/v1beta1', kind: 'AWSPCAClusterIssuer' };

/**
 * Two private CAs, each its own root, by ACM PCA's wire protocol. The issuer of AWS is played: it asks them by the kit's
 * own client.
 */
describe.skipIf(parts.missing !== '')(`rotation between private CAs of AWS${parts.missing}`, () => {
  let stand: RotationStand;
  let fake: FakePrivateCa;
  let present: { readonly arn: string; readonly root: string };
  let next: typeof present;
  let third: typeof present;
  let flags: readonly string[];
  const env = { ...process.env };

  beforeAll(async () => {
    fake = await startFakePrivateCa({ delayMs: 5 });
    process.env['AWS_ACCESS_KEY_ID'] = 'test';
    process.env['AWS_SECRET_ACCESS_KEY'] = 'test';
    const client = privateCaClient({ region: 'eu-central-1', endpoint: fake.url });
    const patience = { firstDelayMs: 5 };
    const authorities = new Map<string, Authority>();
    const made = async (commonName: string) => {
      const { arn } = await ensurePrivateCa({
        ...{ client, commonName, owner: 'voice', algorithm: 'ecdsa-p256', signedBy: 'itself', patience },
      });
      const authority = await awsPrivateCa({ client, arn, patience });
      authorities.set(arn, authority);
      return { arn, root: certificatesIn(authority.roots)[0]?.pem ?? '' };
    };
    present = await made('voice root');
    next = await made('voice root 2');
    third = await made('voice root 3');
    stand = await startRotationStand({
      ...parts,
      issuer: '{ kind: awsPrivateCa }',
      outputs: { privateCaArn: present.arn, trustedRoots: present.root },
      privateCa: async arn => {
        const authority = authorities.get(arn);
        if (authority === undefined) throw new Error(`no private CA ${arn}`);
        return authority;
      },
    });
    const file = path.join(stand.folder, 'next-root.pem');
    await writeFile(file, next.root);
    flags = ['--next-arn', next.arn, '--next-root', file];
  }, 120_000);
  afterAll(async () => {
    await stand?.stop();
    await fake?.close();
    process.env = env;
  });

  const issuerArn = async () => {
    const issuer = await stand.cluster.read({ ...ISSUERS, metadata: { name: 'platform' } });
    return (issuer?.['spec'] as { readonly arn: string } | undefined)?.arn;
  };

  it('refuses, and says what it must be told, when nobody is named that takes over', async () => {
    const alone = await stand.platform('rotate-ca', '--json');
    expect(alone.exitCode).toBe(2);
    expect(JSON.parse(alone.stdout)).toMatchObject({
      error: { code: 'RotationUnsupported', want: '--next-arn ARN --next-root FILE' },
    });
    const half = await stand.platform('rotate-ca', '--next-arn', next.arn);
    expect(half.exitCode).toBe(2);
    expect(half.stderr).toContain('--next-root');
    const empty = path.join(stand.folder, 'platform.yaml');
    const wrong = await stand.platform('rotate-ca', '--next-arn', next.arn, '--next-root', empty);
    expect(wrong.exitCode).toBe(2);
    expect(wrong.stderr).toContain('holds no certificate');
    expect(await stand.leftovers()).toEqual(['platform']);
  }, 60_000);

  it('is taken back before the switch, and leaves no trace', async () => {
    expect(await stand.killedAt(flags, /settling|handshakes/)).toContain('rotation');
    expect(certificatesIn(await stand.bundle())).toHaveLength(2);
    // Whoever applies meanwhile takes nothing back.
    await stand.install();
    expect(certificatesIn(await stand.bundle())).toHaveLength(2);
    const { exitCode, stderr } = await stand.platform('rotate-ca', '--abort');
    expect(exitCode, stderr).toBe(0);
    expect(certificatesIn(await stand.bundle()).map(({ pem }) => pem)).toEqual([present.root]);
    expect(await issuerArn()).toBe(present.arn);
    expect(await stand.leftovers()).toEqual(['platform']);
  }, 120_000);

  it('has the other one issue, killed at each of its steps, and nobody is refused', async () => {
    const killed = await stand.killedThroughout(...flags);
    expect(killed.length).toBeGreaterThan(6);
    expect(await issuerArn()).toBe(next.arn);
    await stand.expectIssuedBy(next.root);
    expect(certificatesIn(await stand.bundle()).map(({ pem }) => pem)).toEqual([next.root]);
    expect(await stand.leftovers()).toEqual(['platform']);
    expect(stand.dialled.refused).toEqual([]);
    expect(stand.dialled.accepted).toBeGreaterThan(20);
  }, 400_000);

  const owners = async (ref: ObjectRef) => {
    const { managedFields = [] } = (await stand.cluster.read(ref))?.metadata ?? {};
    return managedFields.filter(({ subresource }) => subresource === undefined).map(({ manager }) => manager);
  };
  const bundle = secretRef('platform-trust', 'pulsar');
  const issuer = { ...ISSUERS, metadata: { name: 'platform' } };
  /** As the outputs of the stacks, or the config, name it. */
  const wanted = async (command: 'apply' | 'diff', ca: typeof present, ...more: readonly string[]) => {
    const file = path.join(stand.folder, 'outputs.json');
    const outputs = { account: '123456789012', privateCaArn: ca.arn, trustedRoots: ca.root };
    await writeFile(file, JSON.stringify(outputs));
    return stand.platform(command, '--stage', 'trust', '--outputs', file, ...more);
  };

  it('is not taken back by the next apply, which says what of the config is behind, and the way out', async () => {
    const { stderr, exitCode } = await wanted('apply', present);
    expect(exitCode, stderr).toBe(0);
    expect(stderr).toMatch(
      /RotationNotInConfig: AWSPCAClusterIssuer platform .*set tls\.issuer\.arn to arn:/,
    );
    expect(stderr).toMatch(/RotationNotInConfig: Secret pulsar\/platform-trust /);
    expect(await issuerArn()).toBe(next.arn);
    expect(certificatesIn(await stand.bundle()).map(({ pem }) => pem)).toEqual([next.root]);
    const diff = await wanted('diff', present, '--json');
    expect(diff.exitCode).toBe(3);
    expect(JSON.parse(diff.stdout)).toContainEqual(
      expect.objectContaining({
        subject: 'AWSPCAClusterIssuer platform',
        fields: [],
        finding: expect.objectContaining({
          code: 'RotationNotInConfig',
          saw: `arn ${next.arn}`,
          want: `arn ${present.arn}`,
        }),
      }),
    );
    expect(await owners(issuer)).toContain('rotation');
  }, 120_000);

  it("is the config's again once that names what issues, and from then on issuer and roots follow it", async () => {
    const { stderr, exitCode } = await wanted('apply', next);
    expect(exitCode, stderr).toBe(0);
    expect(stderr).not.toContain('RotationNotInConfig');
    for (const ref of [issuer, bundle]) expect(await owners(ref)).not.toContain('rotation');
    expect(await issuerArn()).toBe(next.arn);
    expect((await wanted('diff', next)).stdout).toBe('no differences');
    await wanted('apply', third);
    expect(await issuerArn()).toBe(third.arn);
    expect(certificatesIn(await stand.bundle()).map(({ pem }) => pem)).toEqual([third.root]);
  }, 120_000);

  it('can not be taken back when it is over', async () => {
    const { exitCode, stdout } = await stand.platform('rotate-ca', '--abort', '--json');
    expect(exitCode).toBe(2);
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'RotationNotBegun' } });
  }, 60_000);
});
