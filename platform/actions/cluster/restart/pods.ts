import { z } from 'zod';
import type { Kubernetes } from '../../../edges/kubernetes.js';
import { NAMESPACES, pulsarService } from '../../../plan/index.js';
import type { PodFact, SetFact } from './machine.js';
import type { RollingCluster } from './run.js';

const NAMESPACE = NAMESPACES.pulsar;

const setSchema = z.object({
  metadata: z.object({ generation: z.int().default(1) }),
  spec: z.object({
    replicas: z.int(),
    updateStrategy: z.object({ type: z.string() }).default({ type: 'RollingUpdate' }),
    selector: z.object({ matchLabels: z.record(z.string(), z.string()) }),
  }),
  status: z
    .object({ observedGeneration: z.int().default(0), updateRevision: z.string().default('') })
    .default({ observedGeneration: 0, updateRevision: '' }),
});

const podSchema = z.object({
  metadata: z.object({
    name: z.string(),
    uid: z.string(),
    labels: z.record(z.string(), z.string()).default({}),
    deletionTimestamp: z.string().optional(),
  }),
  status: z
    .object({ conditions: z.array(z.object({ type: z.string(), status: z.string() })).default([]) })
    .default({ conditions: [] }),
});

/**
 * Sets of the Pulsar chart, and their pods, as the API server has them. Sets that are not there are left out.
 *
 * @param components in the order in which they are restarted
 */
export function setsOf(cluster: Kubernetes, components: readonly string[]): RollingCluster['sets'] {
  return async () => {
    const found = await Promise.all(components.map(component => setOf(cluster, component)));
    return found.filter(set => set !== undefined);
  };
}

async function setOf(cluster: Kubernetes, component: string): Promise<SetFact | undefined> {
  const name = pulsarService(component);
  const ref = { apiVersion: 'apps/v1', kind: 'StatefulSet', metadata: { name, namespace: NAMESPACE } };
  const found = await cluster.read(ref);
  if (found === undefined) return undefined;
  const { metadata, spec, status } = setSchema.parse(found);
  const labels = Object.entries(spec.selector.matchLabels).map(pair => pair.join('='));
  const pods = await cluster.list('v1', 'Pod', NAMESPACE, labels.join(','));
  return {
    component,
    replicas: spec.replicas,
    seen: status.observedGeneration >= metadata.generation && status.updateRevision !== '',
    onDelete: spec.updateStrategy.type === 'OnDelete',
    pods: pods.map(pod => podFact(podSchema.parse(pod), status.updateRevision)),
  };
}

function podFact({ metadata, status }: z.output<typeof podSchema>, revision: string): PodFact {
  const { name, uid, labels, deletionTimestamp } = metadata;
  const leaving = deletionTimestamp !== undefined;
  return {
    name,
    uid,
    ordinal: Number(/-(\d+)$/.exec(name)?.[1] ?? 0),
    current: labels['controller-revision-hash'] === revision,
    ready: !leaving && status.conditions.some(it => it.type === 'Ready' && it.status === 'True'),
    leaving,
  };
}

export function restartPod(cluster: Kubernetes): RollingCluster['restart'] {
  return async ({ name, uid }) => {
    await cluster.remove(
      { apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace: NAMESPACE } },
      { uid },
    );
  };
}
