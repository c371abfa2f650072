import { type Kubernetes, type KubernetesOptions, kubernetes } from '../../edges/kubernetes.js';
import { PlatformError } from '../../errors.js';
import type { ClusterPlan } from '../../plan/index.js';

/**
 * The cluster of the environment. A context that was named is taken at its word; the current one must be the cluster
 * that the plan names, so that nobody applies prod to the cluster that he looked at last.
 *
 * @throws ContextMismatch, KubeconfigMissing
 */
export function connectCluster(
  { names, environment }: ClusterPlan,
  { kubeconfig, context, manager }: KubernetesOptions,
): Kubernetes {
  const cluster = kubernetes({
    ...(kubeconfig !== undefined && { kubeconfig }),
    ...(context !== undefined && { context }),
    ...(manager !== undefined && { manager }),
  });
  const isMeant = cluster.cluster === names.cluster || cluster.cluster.endsWith(`cluster/${names.cluster}`);
  if (context !== undefined || isMeant) return cluster;
  throw new PlatformError(
    'ContextMismatch',
    `environment ${JSON.stringify(environment ?? names.prefix)} is cluster ${names.cluster}, the current context is another`,
    {
      where: `context ${cluster.context}`,
      saw: cluster.cluster,
      want: names.cluster,
      refused: true,
    },
  );
}
