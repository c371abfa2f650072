import type { PlacedObject } from '../../../checks/index.js';
import type { Kubernetes, Manifest } from '../../../edges/kubernetes.js';
import { PlatformError } from '../../../errors.js';
import type { ClusterPlan } from '../../../plan/index.js';

/** Kinds that rules read, and that a cluster is asked for. */
const NAMESPACED = [
  ['v1', 'Service'],
  ['v1', 'ConfigMap'],
  ['v1', 'Secret'],
  ['apps/v1', 'Deployment'],
  ['apps/v1', 'StatefulSet'],
  ['apps/v1', 'DaemonSet'],
  ['policy/v1', 'PodDisruptionBudget'],
  ['networking.k8s.io/v1', 'NetworkPolicy'],
  ['networking.k8s.io/v1', 'Ingress'],
  ['cert-manager.io/v1', 'Certificate'],
] as const;

const CLUSTER_WIDE = [
  ['v1', 'Namespace'],
  ['storage.k8s.io/v1', 'StorageClass'],
] as const;

/** The objects of a plan's namespaces, as the cluster has them. Rules over objects apply to them as to any others. */
export async function liveObjects(cluster: Kubernetes, plan: ClusterPlan): Promise<PlacedObject[]> {
  const namespaces = [
    ...new Set(plan.workloads.flatMap(({ pods }) => (pods === undefined ? [] : [pods.namespace]))),
  ];
  const found: Manifest[] = [];
  for (const [apiVersion, kind] of NAMESPACED) {
    for (const namespace of namespaces) found.push(...(await listed(cluster, apiVersion, kind, namespace)));
  }
  for (const [apiVersion, kind] of CLUSTER_WIDE) found.push(...(await listed(cluster, apiVersion, kind)));
  return found.flatMap(manifest => {
    const { apiVersion, kind, metadata } = manifest;
    const name = metadata?.name;
    if (apiVersion === undefined || kind === undefined || name === undefined) return [];
    const { namespace, labels, annotations } = metadata ?? {};
    const place = [namespace, kind, name].filter(part => part !== undefined).join('/');
    return [
      {
        object: {
          ...manifest,
          apiVersion,
          kind,
          metadata: {
            name,
            ...(namespace && { namespace }),
            ...(labels && { labels }),
            ...(annotations && { annotations }),
          },
        },
        where: path => ({ file: `cluster: ${place}`, path: path.join('.') }),
      } satisfies PlacedObject,
    ];
  });
}

/** A kind whose definition is not installed has no objects. */
async function listed(
  cluster: Kubernetes,
  apiVersion: string,
  kind: string,
  namespace?: string,
): Promise<Manifest[]> {
  try {
    const items = await cluster.list(apiVersion, kind, namespace);
    return items.map(item => ({ ...item, apiVersion, kind }));
  } catch (error) {
    if (error instanceof PlatformError && error.code === 'KindUnknown') return [];
    throw error;
  }
}
