import { type ClusterPlan, PULSAR_RELEASE, type Size, TIER_LABEL } from '../../../platform/plan/index.js';

export const PRIORITY_CLASSES = {
  /** Losing one costs a copy of data. */
  stateful: 'platform-stateful',
  /** Everybody's messages pass through them. */
  serving: 'platform-serving',
} as const;

/** Size of a workload that the plan is known to have. */
export function sizeOf(plan: ClusterPlan, workload: string): Size {
  const size = plan.sizes.find(candidate => candidate.workload === workload);
  if (size === undefined) throw new RangeError(`no size of ${workload} in the plan`);
  return size;
}

/** Where pods run: the nodes of their tier, away from each other, spread over zones. */
export function placement(size: Size, component: string) {
  return {
    ...tier(size),
    priorityClassName: size.tier === 'stateful' ? PRIORITY_CLASSES.stateful : PRIORITY_CLASSES.serving,
    topologySpreadConstraints:
      size.zoneSpread === 'none'
        ? []
        : [
            {
              maxSkew: 1,
              topologyKey: 'topology.kubernetes.io/zone',
              whenUnsatisfiable: size.zoneSpread === 'must' ? 'DoNotSchedule' : 'ScheduleAnyway',
              labelSelector: { matchLabels: { app: 'pulsar', release: PULSAR_RELEASE, component } },
            },
          ],
  };
}

export function tier(size: Pick<Size, 'tier'>) {
  return {
    nodeSelector: { [TIER_LABEL]: size.tier },
    tolerations:
      size.tier === 'stateful'
        ? [{ key: TIER_LABEL, operator: 'Equal', value: size.tier, effect: 'NoSchedule' }]
        : [],
  };
}

export function affinity(size: Size) {
  return {
    anti_affinity: size.apart,
    anti_affinity_topology_key: 'kubernetes.io/hostname',
    type: size.tier === 'stateful' ? REQUIRED : PREFERRED,
  };
}

const REQUIRED = 'requiredDuringSchedulingIgnoredDuringExecution';
const PREFERRED = 'preferredDuringSchedulingIgnoredDuringExecution';

export function resources({ cpu, memoryMiB }: Pick<Size, 'cpu' | 'memoryMiB'>) {
  return {
    requests: { cpu: `${Math.round(cpu * 1000)}m`, memory: `${memoryMiB}Mi` },
    limits: { memory: `${memoryMiB}Mi` },
  };
}

export function budget({ maxUnavailable }: Size) {
  return maxUnavailable === undefined ? { usePolicy: false } : { usePolicy: true, maxUnavailable };
}

/** Heap and direct memory as the JVM takes them; the heap is whole from the beginning, so that it can't fail later. */
export function memoryFlags({ jvm }: Size): string {
  if (jvm === undefined) return '';
  return `-Xms${jvm.heapMiB}m -Xmx${jvm.heapMiB}m -XX:MaxDirectMemorySize=${jvm.directMiB}m`;
}

/** Everything that a replicated component of the chart has alike. */
export function replicated(plan: ClusterPlan, workload: string, component = workload) {
  const size = sizeOf(plan, workload);
  return {
    replicaCount: size.replicas.min,
    resources: resources(size),
    affinity: affinity(size),
    podMonitor: { enabled: plan.config.observability.kind !== 'none' },
    restartPodsOnConfigMapChange: true,
    ...placement(size, component),
  };
}

/**
 * A changed StatefulSet waits for `platform apply`, which restarts pods in order (metadata, bookies, brokers,
 * proxies) and stops when a gate is red. Under GitOps nobody does that, and Kubernetes rolls each set by itself.
 */
export function updateStrategy(plan: ClusterPlan) {
  return { type: plan.config.gitops.kind === 'none' ? 'OnDelete' : 'RollingUpdate' };
}
