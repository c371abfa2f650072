import type { Kubernetes, Manifest } from '../../edges/kubernetes.js';
import type { ClusterPlan, Endpoint } from '../../plan/index.js';

/** A pod that serves, or is about to. */
export interface Pod {
  readonly namespace: string;
  readonly name: string;
  readonly ready: boolean;
}

/** Pods of a workload; none for what runs outside of the cluster. */
export async function podsOf(plan: ClusterPlan, cluster: Kubernetes, workload: string): Promise<Pod[]> {
  const pods = plan.workloads.find(({ name }) => name === workload)?.pods;
  if (pods === undefined) return [];
  const found = await cluster.list('v1', 'Pod', pods.namespace, labelsOf(pods.labels));
  return found.filter(stays).map(pod => ({
    namespace: pods.namespace,
    name: pod.metadata?.name ?? '',
    ready: isReady(pod),
  }));
}

/** `pods of pulsar with app=pulsar,component=proxy` */
export function selectorOf({ workloads }: ClusterPlan, workload: string): string {
  const { namespace = '', labels = {} } = workloads.find(({ name }) => name === workload)?.pods ?? {};
  return `pods of ${namespace} with ${labelsOf(labels)}`;
}

function labelsOf(labels: Readonly<Record<string, string>>): string {
  return Object.entries(labels)
    .map(pair => pair.join('='))
    .join(',');
}

interface PodStatus {
  readonly phase?: string;
  readonly conditions?: readonly { readonly type: string; readonly status: string }[];
}

/** Evicted pods, and those of jobs that are done, are listed for a long time. */
function stays({ metadata, status }: Manifest): boolean {
  const { phase } = (status ?? {}) as PodStatus;
  return metadata?.deletionTimestamp === undefined && phase !== 'Succeeded' && phase !== 'Failed';
}

function isReady({ status }: Manifest): boolean {
  const { conditions = [] } = (status ?? {}) as PodStatus;
  return conditions.some(({ type, status: is }) => type === 'Ready' && is === 'True');
}

/** Whether a rotation waits for what an endpoint serves: where somebody dials, and who listens can be asked. */
export function isAwaited(endpoint: Endpoint, { dials }: Pick<ClusterPlan, 'dials'>): boolean {
  return whyNotForwarded(endpoint) === undefined && dials.some(({ to }) => to === endpoint.id);
}

/** Why no forwarded port leads to an endpoint, whichever of its pods is asked. */
export function whyNotForwarded({ protocol }: Endpoint): string | undefined {
  return protocol === 'zookeeper-quorum+tls'
    ? 'only the leader of the moment listens there, with the certificate that every ZooKeeper serves at its election port'
    : undefined;
}

/** Port on which the pods of an endpoint listen. */
export function listenedPort({ port, listens = port }: Endpoint): number {
  return listens;
}

/** The name under which a pod of an endpoint is dialled: that of its Service, else its own. */
export function dialledName({ hostnames }: Endpoint, pod: string): string {
  return (hostnames[0] ?? pod).replace('*', pod);
}
