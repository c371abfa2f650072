import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type ApiServer,
  kubernetesAssets,
  startApiServer,
  withoutApiServer,
} from '../../../charts/testing/api-server.js';
import { type Kubernetes, kubernetes, type Manifest } from '../../edges/kubernetes.js';
import { silent } from '../../report.js';
import { inventoryOf, refOf } from '../cluster/inventory.js';
import { applyObjects } from '../cluster/objects.js';
import { removeStages } from '../cluster/stages.js';
import { claimsOf, leftOf } from './claims.js';

const HOLD = 'karpenter.sh/termination';

const definition = (kind: string, plural: string): Manifest =>
  ({
    ...{ apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition' },
    metadata: { name: `${plural}.karpenter.sh` },
    spec: {
      group: 'karpenter.sh',
      scope: 'Cluster',
      names: { kind, plural, singular: kind.toLowerCase(), listKind: `${kind}List` },
      versions: [
        {
          ...{ name: 'v1', served: true, storage: true },
          schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
        },
      ],
    },
  }) as unknown as Manifest;

const held = (kind: string, labels: object = {}, finalizers = [HOLD]): Manifest =>
  ({ apiVersion: 'karpenter.sh/v1', kind, metadata: { name: 'general', labels, finalizers } }) as Manifest;

const POOL = held('NodePool', {}, []);
const CLAIM = held('NodeClaim', { 'karpenter.sh/nodepool': 'general' });
const BALANCER = {
  ...{ apiVersion: 'v1', kind: 'Service' },
  metadata: {
    ...{ name: 'entrance', namespace: 'default' },
    finalizers: ['service.kubernetes.io/load-balancer-cleanup'],
  },
  spec: { type: 'LoadBalancer', ports: [{ port: 443 }] },
} as unknown as Manifest;
const SCALED = held('ScaledObject', {}, ['finalizer.keda.sh']);
const CONTROLLER = {
  ...{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'karpenter', namespace: 'default' } },
} as Manifest;

describe.skipIf(kubernetesAssets === undefined)(`destroy on a real API server${withoutApiServer}`, () => {
  let server: ApiServer;
  let cluster: Kubernetes;
  beforeAll(async () => {
    server = await startApiServer(kubernetesAssets ?? '');
    cluster = kubernetes({ kubeconfig: server.kubeconfig });
    const { signal } = new AbortController();
    const definitions = [
      definition('NodePool', 'nodepools'),
      definition('NodeClaim', 'nodeclaims'),
      definition('ScaledObject', 'scaledobjects'),
    ];
    await applyObjects(cluster, definitions, { force: true, signal, onApplied: () => undefined });
  });
  afterAll(() => server?.stop());

  const removing = (timeoutMs: number) =>
    removeStages(
      { cluster, prefix: 'paid', signal: new AbortController().signal },
      { order: ['operators'], asked: () => true, timeoutMs },
      () => false,
      silent,
    );
  const isThere = async (object: Manifest) => (await cluster.read(refOf(object))) !== undefined;
  /** What the controller does when the thing in AWS is gone. */
  const release = async (object: Manifest) => {
    const { finalizers: _, ...metadata } = object.metadata ?? {};
    await cluster.apply({ ...object, metadata } as Manifest, { force: true });
    await cluster.remove(refOf(object));
  };

  it('leaves controllers running until nodes, load balancers and what they hold are gone, in two runs when it takes long', async () => {
    const all = [POOL, CLAIM, BALANCER, SCALED, CONTROLLER];
    for (const object of all) await cluster.apply(object, { force: true });
    const refs = [POOL, BALANCER, SCALED, CONTROLLER].map(refOf);
    await inventoryOf(cluster, 'paid').write({ inventory: { operators: refs }, healthy: ['operators'] });

    await expect(removing(1_000)).rejects.toMatchObject({
      code: 'StillThere',
      timedOut: true,
      where: expect.stringMatching(/NodeClaim general.*Service default\/entrance|Service.*NodeClaim/),
    });
    expect(await isThere(CONTROLLER)).toBe(true);

    const again = removing(30_000);
    await sleep(500);
    await release(CLAIM);
    await sleep(1_500);
    expect(await isThere(CONTROLLER)).toBe(true);
    await release(BALANCER);
    await sleep(1_500);
    expect(await isThere(CONTROLLER)).toBe(true);
    await release(SCALED);
    expect((await again).kept).toEqual([]);
    expect(await Promise.all(all.map(isThere))).toEqual([false, false, false, false, false]);
  }, 60_000);

  it('names the disks that sets have asked for, which nobody else lists and AWS bills', async () => {
    const name = 'ledgers-bookie-0';
    await cluster.apply({
      ...{ apiVersion: 'v1', kind: 'PersistentVolume', metadata: { name: 'pvc-1' } },
      spec: {
        ...{ capacity: { storage: '1Gi' }, accessModes: ['ReadWriteOnce'], storageClassName: 'ledgers' },
        csi: { driver: 'ebs.csi.aws.com', volumeHandle: 'vol-0123' },
        persistentVolumeReclaimPolicy: 'Retain',
      },
    } as unknown as Manifest);
    await cluster.apply({
      ...{ apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata: { name, namespace: 'default' } },
      spec: {
        ...{ accessModes: ['ReadWriteOnce'], storageClassName: 'ledgers', volumeName: 'pvc-1' },
        resources: { requests: { storage: '1Gi' } },
      },
    } as unknown as Manifest);
    const claims = await claimsOf(cluster, [refOf(CONTROLLER)]);
    expect(leftOf(claims, () => false)).toEqual([`PersistentVolumeClaim default/${name} (vol-0123)`]);
    expect(leftOf(claims, () => true)).toEqual([
      `disk vol-0123 of PersistentVolumeClaim default/${name}, which is gone`,
    ]);
    expect(await claimsOf(cluster, [])).toEqual([]);
  });
});
