import { setTimeout as sleep } from 'node:timers/promises';
import { KubeConfig } from '@kubernetes/client-node';
import { type Kubernetes, kubernetes, type Manifest } from '../../../edges/kubernetes.js';
import { type Rest, restOf } from '../../../edges/kubernetes-rest.js';

const GROUP = 'external-secrets.io/v1';
const FINALIZER = 'externalsecrets.external-secrets.io/externalsecret-cleanup';
const TICK_MS = 100;

interface Spec {
  readonly target: { readonly name: string };
  readonly data: readonly { readonly secretKey: string }[];
}

/**
 * Stands in for external-secrets, whose every value is `of the store`, and for the garbage collector of what it owns:
 * both as their sources do it (`creationPolicy: Owner`, `deletionPolicy: Retain`; `Orphan` and `Background`).
 */
export function playExternalSecrets(kubeconfig: string): { stop(): Promise<void> } {
  const cluster = kubernetes({ kubeconfig, manager: 'external-secrets' });
  const config = new KubeConfig();
  config.loadFromFile(kubeconfig);
  const rest = restOf(config);
  let running = true;
  const round = async () => {
    for (const store of await cluster.list(GROUP, 'ClusterSecretStore')) await ready(cluster, store);
    const all = await cluster.list(GROUP, 'ExternalSecret');
    for (const object of all) {
      if (object.metadata?.deletionTimestamp === undefined) await show(cluster, rest, object);
      else await letGo(cluster, rest, object);
    }
    const owners = new Set(all.map(({ metadata }) => metadata?.uid));
    for (const secret of await cluster.list('v1', 'Secret')) {
      const { ownerReferences = [], uid = '' } = secret.metadata ?? {};
      const gone = ownerReferences.filter(owner => owner.kind === 'ExternalSecret' && !owners.has(owner.uid));
      if (gone.length > 0) await cluster.remove(secret as Manifest & never, { uid });
    }
  };
  const loop = (async () => {
    while (running) {
      // What has gone since it was listed comes up again, or never; so does a kind that is not there yet.
      await round().catch(() => undefined);
      await sleep(TICK_MS);
    }
  })();
  return {
    stop: async () => {
      running = false;
      await loop;
    },
  };
}

async function show(cluster: Kubernetes, rest: Rest, object: Manifest): Promise<void> {
  const { namespace = '', name = '', uid = '', finalizers = [] } = object.metadata ?? {};
  if (!finalizers.includes(FINALIZER)) await patch(rest, object, { finalizers: [...finalizers, FINALIZER] });
  const { target, data } = object['spec'] as Spec;
  const owner = { apiVersion: GROUP, kind: 'ExternalSecret', name, uid, controller: true };
  const secret = {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: target.name, namespace, ownerReferences: [owner] },
    data: Object.fromEntries(
      data.map(({ secretKey }) => [secretKey, Buffer.from('of the store').toString('base64')]),
    ),
  };
  await cluster.apply(secret as unknown as Manifest, { force: true });
  await ready(cluster, object);
}

/** The operator takes its finalizer off; for an orphan the collector takes the owner off what it owned, then its own. */
async function letGo(cluster: Kubernetes, rest: Rest, object: Manifest): Promise<void> {
  const { namespace = '', name = '', uid, finalizers = [] } = object.metadata ?? {};
  if (finalizers.includes('orphan')) {
    const secret = await cluster.read({ apiVersion: 'v1', kind: 'Secret', metadata: { namespace, name } });
    const owners = secret?.metadata?.ownerReferences ?? [];
    if (secret !== undefined)
      await patch(rest, secret, { ownerReferences: owners.filter(owner => owner.uid !== uid) });
  }
  await patch(rest, object, { finalizers: finalizers.filter(it => it !== FINALIZER && it !== 'orphan') });
}

async function patch(rest: Rest, { apiVersion, kind, metadata }: Manifest, change: object): Promise<void> {
  const { name, namespace } = metadata ?? {};
  const path = await rest.pathOf({ apiVersion, kind, metadata: { name, namespace } } as never);
  await rest.send('PATCH', path, { metadata: change }, 'application/merge-patch+json');
}

async function ready(cluster: Kubernetes, { apiVersion, kind, metadata }: Manifest): Promise<void> {
  const { name, namespace } = metadata ?? {};
  const lastTransitionTime = '2026-01-01T00:00:00Z';
  const conditions = [{ type: 'Ready', status: 'True', lastTransitionTime }];
  const object = { apiVersion, kind, metadata: { name, namespace }, status: { conditions } };
  await cluster.apply(object as unknown as Manifest, { force: true, subresource: 'status' });
}
