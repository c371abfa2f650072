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
import { awsIssuerDefinitions } from '../../cluster/testing/cert-manager.js';
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
  let next: { readonly arn: string; readonly root: string };
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

  it('is not taken back by the next apply, which still has the outputs of before', async () => {
    await stand.install();
    expect(await issuerArn()).toBe(next.arn);
    expect(certificatesIn(await stand.bundle()).map(({ pem }) => pem)).toEqual([next.root]);
  }, 60_000);

  it('can not be taken back when it is over', async () => {
    const { exitCode, stdout } = await stand.platform('rotate-ca', '--abort', '--json');
    expect(exitCode).toBe(2);
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'RotationNotBegun' } });
  }, 60_000);
});
