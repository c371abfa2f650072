import { kubectl } from '../../../edges/kubectl.js';
import type { Kubernetes } from '../../../edges/kubernetes.js';
import { NAMESPACES } from '../../../plan/index.js';
import { pulsarHealth, withLeader } from './health.js';
import type { SetFact } from './machine.js';
import { restartPod, setsOf } from './pods.js';
import type { RollingCluster } from './run.js';

export type { GateLimits } from './gates.js';
export { assertGreen, type RestartOptions, type RollingCluster, restartInOrder } from './run.js';

/** Pods of the chart that are restarted in this order, each healthy before the next. */
export const PULSAR_ORDER = ['zookeeper', 'oxia-server', 'bookie', 'recovery', 'broker', 'proxy', 'toolset'];

export interface ClusterRestartProps {
  readonly cluster: Kubernetes;
  readonly kubeconfig?: string;
  readonly signal: AbortSignal;
}

/**
 * Pulsar in a cluster: its pods by the API server, its health by asking in its pods.
 *
 * @param components whose pods may be restarted; health is that of all
 */
export function rollingCluster(
  { cluster, kubeconfig, signal }: ClusterRestartProps,
  components: readonly string[],
): RollingCluster {
  const exec = (pod: string, command: readonly string[]) =>
    kubectl(['exec', '-n', NAMESPACES.pulsar, pod, '--', ...command], {
      signal,
      ...(kubeconfig !== undefined && { kubeconfig }),
      context: cluster.context,
    });
  const own = setsOf(cluster, components);
  const all = setsOf(cluster, PULSAR_ORDER);
  return {
    sets: async () =>
      Promise.all((await own()).map(set => (asksForLeader(set) ? withLeader(set, exec) : set))),
    health: async () => pulsarHealth(await all(), exec),
    restart: restartPod(cluster),
  };
}

/** Who leads matters only when one of them is to be chosen. */
function asksForLeader({ component, pods }: SetFact): boolean {
  return (
    component === 'zookeeper' && pods.some(({ current }) => !current) && pods.every(({ ready }) => ready)
  );
}
