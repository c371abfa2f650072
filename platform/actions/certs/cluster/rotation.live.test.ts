import { appendFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { certificatesIn, look, newForeigner } from '../../../../certs/index.js';
import type { Manifest, ObjectRef } from '../../../edges/kubernetes.js';
import { issueAgain } from './issue.js';
import { certificateRef, secretRef } from './objects.js';
import { refusing, serves } from './serving.js';
import { type RotationStand, standParts, startRotationStand } from './testing/rotation-stand.js';

const parts = await standParts();
const ISSUER = { apiVersion: 'cert-manager.io/v1', kind: 'ClusterIssuer', metadata: { name: 'platform' } };

describe.skipIf(parts.missing !== '')(`rotation in a cluster${parts.missing}`, () => {
  let stand: RotationStand;
  beforeAll(async () => {
    stand = await startRotationStand({
      ...parts,
      issuer: '{ kind: selfSigned }',
    });
  });
  afterAll(() => stand?.stop());

  const issuerSecret = async () => {
    const { ca } = ((await stand.cluster.read(ISSUER))?.['spec'] ?? {}) as { ca?: { secretName: string } };
    return ca?.secretName;
  };

  it('renews leaves with new keys, and waits until they are served', async () => {
    const [before, other] = [await stand.secretOf('broker'), await stand.secretOf('proxy')];
    const { exitCode, stderr, stdout } = await stand.platform('rotate', 'broker', 'thread');
    expect(exitCode, stderr).toBe(0);
    expect(stdout).toContain('renewed: broker, thread');
    const after = await stand.secretOf('broker');
    expect(after['tls.key']).not.toBe(before['tls.key']);
    expect(await stand.secretOf('proxy')).toEqual(other);
  }, 120_000);

  it('asks ZooKeepers for what they serve each other too, and whom they take there', async () => {
    const { plan, cluster, reach, frozen, secretOf } = stand;
    const pod = { namespace: 'pulsar', name: 'pulsar-zookeeper-0' };
    const issued = async () => (await secretOf('zookeeper'))['tls.crt'] ?? '';
    const served = async () => serves(plan, cluster, reach, 'zookeeper', await issued());
    const toClients = async () => {
      const { chain } = await look({ ...(await reach(pod, 2281)), name: pod.name, begins: 'direct' });
      return chain[0]?.equals(certificatesIn(await issued())[0]?.x509.raw ?? Buffer.alloc(0));
    };
    expect(await served()).toBe(true);
    frozen.add(`${pod.name}:3888`);
    const signal = AbortSignal.timeout(30_000);
    const { name = '' } = plan.certificates.find(({ workload }) => workload === 'zookeeper')?.secret ?? {};
    await issueAgain(cluster, [certificateRef(name, 'pulsar')], { timeoutMs: 30_000, signal });
    await expect.poll(toClients, { timeout: 10_000 }).toBe(true);
    expect(await served()).toBe(false);
    frozen.clear();
    await expect.poll(served, { timeout: 10_000 }).toBe(true);
    const foreigner = { ...(await newForeigner()), trust: await stand.bundle(), of: 'a foreigner' };
    const places = await refusing(plan, cluster, reach, [foreigner]);
    expect(places.filter(place => place.startsWith(pod.name))).toEqual([
      expect.stringContaining('zookeeper/zookeeper+tls (a foreigner: '),
      expect.stringContaining('zookeeper/zookeeper-election+tls (a foreigner: '),
    ]);
  }, 90_000);

  it('says which steps would come, and changes nothing', async () => {
    const before = stand.certManager.issued.length;
    const { exitCode, stdout } = await stand.platform('rotate-ca', '--plan', '--json');
    expect(exitCode).toBe(0);
    const steps = (JSON.parse(stdout) as { step: string }[]).map(({ step }) => step);
    expect(steps[0]).toBe('makeAuthority');
    expect(steps.indexOf('confirm')).toBeLessThan(steps.indexOf('switchIssuer'));
    expect(steps.at(-1)).toBe('end');
    expect(stand.certManager.issued.length).toBe(before);
  }, 60_000);

  it('is taken back before the switch, and leaves no trace', async () => {
    const root = await stand.bundle();
    expect(await stand.killedAt([], /settling|handshakes/)).toContain('rotation');
    expect(certificatesIn(await stand.bundle())).toHaveLength(2);
    const { exitCode, stdout, stderr } = await stand.platform('rotate-ca', '--abort');
    expect(exitCode, stderr).toBe(0);
    expect(stdout).toContain('aborted');
    expect(await stand.bundle()).toBe(root);
    expect(await stand.leftovers()).toEqual(['platform', 'self-signed']);
  }, 120_000);

  it('leaves no key of the new authority when it is taken back in the midst of its making', async () => {
    expect(await stand.killedAt([], /a new authority/)).toContain('a new authority');
    // As it is between the key and the issuer that names it.
    const present = certificateRef('platform-root', 'cert-manager');
    const made = certificateRef('platform-root-2', 'cert-manager');
    const { spec } = (await stand.cluster.read(present)) ?? {};
    await stand.cluster.apply({
      ...made,
      spec: { ...(spec as object), secretName: 'platform-root-2' },
    } as Manifest);
    const secret = secretRef('platform-root-2', 'cert-manager');
    await expect.poll(() => stand.cluster.read(secret), { timeout: 30_000 }).toBeDefined();
    const { exitCode, stderr } = await stand.platform('rotate-ca', '--abort');
    expect(exitCode, stderr).toBe(0);
    expect(await stand.cluster.read(secret)).toBeUndefined();
    expect(await stand.cluster.read(made)).toBeUndefined();
    expect(await issuerSecret()).toBe('platform-root');
  }, 120_000);

  it('replaces the authority, killed at each of its steps, and nobody is refused', async () => {
    const old = await stand.bundle();
    const killed = await stand.killedThroughout();
    expect(killed.length).toBeGreaterThan(6);
    const root = await stand.bundle();
    expect(root).not.toBe(old);
    await stand.expectIssuedBy(root);
    expect(await issuerSecret()).toBe('platform-root-2');
    expect(await stand.leftovers()).toEqual(['platform', 'self-signed']);
    expect(stand.dialled.refused).toEqual([]);
    expect(stand.dialled.accepted).toBeGreaterThan(20);
  }, 400_000);

  it('is applied from then on as what it is: the second authority of this cluster', async () => {
    const root = await stand.bundle();
    await stand.install({ complete: true });
    expect(await issuerSecret()).toBe('platform-root-2');
    expect(await stand.bundle()).toBe(root);
    const owners = async (ref: ObjectRef) => {
      const { managedFields = [] } = (await stand.cluster.read(ref))?.metadata ?? {};
      return managedFields.filter(it => it.subresource === undefined).map(({ manager }) => manager);
    };
    const second = certificateRef('platform-root-2', 'cert-manager');
    for (const ref of [ISSUER, second, secretRef('platform-trust', 'pulsar')]) {
      expect(await owners(ref)).toContain('platform');
      expect(await owners(ref)).not.toContain('rotation');
    }
    // What signed before is asked for no longer; its key stays until a person deletes it.
    expect(await stand.cluster.read(certificateRef('platform-root', 'cert-manager'))).toBeUndefined();
    expect(await stand.cluster.read(secretRef('platform-root', 'cert-manager'))).toBeDefined();
  }, 60_000);

  it('is replaced again, by the third, and names who must restart where two keys of tokens are good', async () => {
    await appendFile(path.join(stand.folder, 'platform.yaml'), 'pulsar: { tokenKeys: two }\n');
    const { exitCode, stderr } = await stand.platform('rotate-ca');
    expect(exitCode, stderr).toBe(0);
    expect(stderr).toContain('rollout restart statefulset/pulsar-broker statefulset/pulsar-proxy');
    expect(await issuerSecret()).toBe('platform-root-3');
    await stand.expectIssuedBy(await stand.bundle());
    await stand.install({ complete: true });
    expect(await issuerSecret()).toBe('platform-root-3');
    expect(stand.dialled.refused).toEqual([]);
  }, 120_000);
});
