import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { certificatesIn } from '../../../../certs/index.js';
import type { ObjectRef } from '../../../edges/kubernetes.js';
import { secretRef } from './objects.js';
import {
  AWS_ISSUERS,
  type PrivateCaStand,
  privateCaStandParts,
  startPrivateCaStand,
} from './testing/private-ca-stand.js';

const parts = await privateCaStandParts();

/** Of two private CAs, each its own root, one takes over from the other. */
describe.skipIf(parts.missing !== '')(`rotation between private CAs of AWS${parts.missing}`, () => {
  let stand: PrivateCaStand;
  beforeAll(async () => {
    stand = await startPrivateCaStand({
      ...parts,
      issuer: '{ kind: awsPrivateCa }',
    });
  }, 120_000);
  afterAll(() => stand?.stop());

  const issuerArn = async () => {
    const issuer = await stand.cluster.read({ ...AWS_ISSUERS, metadata: { name: 'platform' } });
    return (issuer?.['spec'] as { readonly arn: string } | undefined)?.arn;
  };

  it('refuses, and says what it must be told, when nobody is named that takes over', async () => {
    const alone = await stand.platform('rotate-ca', '--json');
    expect(alone.exitCode).toBe(2);
    expect(JSON.parse(alone.stdout)).toMatchObject({
      error: { code: 'RotationUnsupported', want: '--next-arn ARN --next-root FILE' },
    });
    const half = await stand.platform('rotate-ca', '--next-arn', stand.next.arn);
    expect(half.exitCode).toBe(2);
    expect(half.stderr).toContain('--next-root');
    const empty = path.join(stand.folder, 'platform.yaml');
    const wrong = await stand.platform('rotate-ca', '--next-arn', stand.next.arn, '--next-root', empty);
    expect(wrong.exitCode).toBe(2);
    expect(wrong.stderr).toContain('holds no certificate');
    expect(await stand.leftovers()).toEqual(['platform']);
  }, 60_000);

  it('is taken back before the switch, and leaves no trace', async () => {
    expect(await stand.killedAt(stand.toNext, /settling|handshakes/)).toContain('rotation');
    expect(certificatesIn(await stand.bundle())).toHaveLength(2);
    // Whoever applies meanwhile takes nothing back.
    await stand.install();
    expect(certificatesIn(await stand.bundle())).toHaveLength(2);
    const { exitCode, stderr } = await stand.platform('rotate-ca', '--abort');
    expect(exitCode, stderr).toBe(0);
    expect(certificatesIn(await stand.bundle()).map(({ pem }) => pem)).toEqual([stand.present.root]);
    expect(await issuerArn()).toBe(stand.present.arn);
    expect(await stand.leftovers()).toEqual(['platform']);
  }, 120_000);

  it('has the other one issue, killed at each of its steps, and nobody is refused', async () => {
    const killed = await stand.killedThroughout(...stand.toNext);
    expect(killed.length).toBeGreaterThan(6);
    expect(await issuerArn()).toBe(stand.next.arn);
    await stand.expectIssuedBy(stand.next.root);
    expect(certificatesIn(await stand.bundle()).map(({ pem }) => pem)).toEqual([stand.next.root]);
    expect(await stand.leftovers()).toEqual(['platform']);
    expect(stand.dialled.refused).toEqual([]);
    expect(stand.dialled.accepted).toBeGreaterThan(20);
  }, 400_000);

  const owners = async (ref: ObjectRef) => {
    const { managedFields = [] } = (await stand.cluster.read(ref))?.metadata ?? {};
    return managedFields.filter(({ subresource }) => subresource === undefined).map(({ manager }) => manager);
  };
  const bundle = secretRef('platform-trust', 'pulsar');
  const issuer = { ...AWS_ISSUERS, metadata: { name: 'platform' } };
  it('is not taken back by the next apply, which says what of the config is behind, and the way out', async () => {
    const { stderr, exitCode } = await stand.trust('apply', stand.present);
    expect(exitCode, stderr).toBe(0);
    expect(stderr).toMatch(
      /RotationNotInConfig: AWSPCAClusterIssuer platform .*set tls\.issuer\.arn to arn:/,
    );
    expect(stderr).toMatch(/RotationNotInConfig: Secret pulsar\/platform-trust /);
    expect(await issuerArn()).toBe(stand.next.arn);
    expect(certificatesIn(await stand.bundle()).map(({ pem }) => pem)).toEqual([stand.next.root]);
    const diff = await stand.trust('diff', stand.present, '--json');
    expect(diff.exitCode).toBe(3);
    expect(JSON.parse(diff.stdout)).toContainEqual(
      expect.objectContaining({
        subject: 'AWSPCAClusterIssuer platform',
        fields: [],
        finding: expect.objectContaining({
          code: 'RotationNotInConfig',
          saw: `arn ${stand.next.arn}`,
          want: `arn ${stand.present.arn}`,
        }),
      }),
    );
    expect(await owners(issuer)).toContain('rotation');
  }, 120_000);

  it("is the config's again once that names what issues, and from then on issuer and roots follow it", async () => {
    const { stderr, exitCode } = await stand.trust('apply', stand.next);
    expect(exitCode, stderr).toBe(0);
    expect(stderr).not.toContain('RotationNotInConfig');
    for (const ref of [issuer, bundle]) expect(await owners(ref)).not.toContain('rotation');
    expect(await issuerArn()).toBe(stand.next.arn);
    expect((await stand.trust('diff', stand.next)).stdout).toBe('no differences');
    const third = await stand.make('voice root 3');
    await stand.trust('apply', third);
    expect(await issuerArn()).toBe(third.arn);
    expect(certificatesIn(await stand.bundle()).map(({ pem }) => pem)).toEqual([third.root]);
  }, 120_000);

  it('can not be taken back when it is over', async () => {
    const { exitCode, stdout } = await stand.platform('rotate-ca', '--abort', '--json');
    expect(exitCode).toBe(2);
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'RotationNotBegun' } });
  }, 60_000);
});
