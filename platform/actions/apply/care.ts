import type { Kubernetes, Manifest } from '../../edges/kubernetes.js';
import { type ClusterPlan, NAMESPACES } from '../../plan/index.js';
import type { Report } from '../../report.js';
import { componentOf } from '../cluster/artifacts.js';
import { assertGreen, PULSAR_ORDER, restartInOrder, rollingCluster } from '../cluster/restart/index.js';
import type { StageObjects } from '../cluster/stages.js';
import type { ApplyOptions } from './options.js';

/** How long what is applied together may take until it is healthy. */
export const HEALTHY_TIMEOUT_MS = 15 * 60_000;
/** More than services that run leave for long, and far below what fills a disk. */
const MAX_BACKLOG = 100_000;

export interface Care {
  /** @throws GateRed when Pulsar is not well enough for what is to be done */
  readonly gate: (where: string, healthy: readonly string[]) => Promise<void>;
  /** Restarts what waits for it, in order. */
  readonly roll: (objects: readonly Manifest[]) => Promise<void>;
}

export type CareOptions = Pick<
  ApplyOptions,
  'signal' | 'kubeconfig' | 'ignoreGates' | 'maxBacklog' | 'timeoutMs'
>;

/** Gates before what touches Pulsar, and restarts in its order. */
export function careFor(plan: ClusterPlan, cluster: Kubernetes, options: CareOptions, report: Report): Care {
  const { signal, kubeconfig, ignoreGates, maxBacklog = MAX_BACKLOG } = options;
  const { timeoutMs = HEALTHY_TIMEOUT_MS } = options;
  const limits = { ensemble: plan.config.pulsar.quorum.ensemble, maxBacklog };
  const props = { cluster, signal, ...(kubeconfig !== undefined && { kubeconfig }) };
  const all = rollingCluster(props, PULSAR_ORDER);
  return {
    gate: async (where, healthy) => {
      // Whoever has never had a Pulsar that was whole has nothing to lose.
      if (!healthy.includes('pulsar')) return;
      await assertGreen(where, { cluster: all, limits, ignoreGates, report });
    },
    roll: async objects => {
      const components = objects.flatMap(object => componentOf(object) ?? []);
      if (components.length === 0) return;
      const rolling = rollingCluster(props, components);
      await restartInOrder({ cluster: rolling, limits, ignoreGates, timeoutMs, report, signal });
    },
  };
}

/** A stage with an object where Pulsar runs: its policies, certificates and secrets can stop it as well as its pods. */
export function touchesPulsar({ groups }: StageObjects): boolean {
  return groups.flat().some(({ metadata }) => metadata?.namespace === NAMESPACES.pulsar);
}
