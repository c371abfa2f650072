import { type ClusterPlan, type Endpoint, type Pods, TRUST_NAME } from '../../platform/plan/index.js';
import { CERT_MANAGER_METRICS } from '../cert-manager/index.js';
import { TRUST_KEY } from '../trust/index.js';

export interface PodMonitor {
  readonly name: string;
  readonly namespace: string;
  readonly spec: object;
}

/** What tells of others says itself in which namespace they are. */
const TELLS_OF_OTHERS = ['cert-manager', 'kube-state-metrics'];

/**
 * A monitor for whatever Prometheus dials in the plan, so that nothing is scraped that no policy lets through. Pulsar's
 * own chart brings those of its parts; nodes are found by the operator.
 */
export function podMonitors(plan: ClusterPlan): PodMonitor[] {
  return plan.workloads.flatMap(({ name, kind, pods }) => {
    if (pods === undefined || kind === 'pulsar') return [];
    const endpoint = endpointOf(plan, name);
    const plain = plan.plainListeners.find(
      ({ workload, dialledBy = [] }) => workload === name && dialledBy.includes('prometheus'),
    );
    const port = endpoint?.port ?? plain?.port;
    if (port === undefined) return [];
    const how = endpoint === undefined ? { scheme: 'http' } : verified(plan, endpoint, pods);
    return [monitor(name, pods, { portNumber: port, path: '/metrics', ...how })];
  });
}

function endpointOf({ dials, endpoints }: ClusterPlan, workload: string): Endpoint | undefined {
  const dialled = dials.filter(({ from }) => from === 'prometheus').map(({ to }) => to);
  return endpoints.find(({ id, workload: serving }) => serving === workload && dialled.includes(id));
}

function monitor(name: string, { namespace, labels }: Pods, endpoint: object): PodMonitor {
  return {
    name,
    namespace,
    spec: {
      selector: { matchLabels: labels },
      podMetricsEndpoints: [{ ...endpoint, ...(TELLS_OF_OTHERS.includes(name) && { honorLabels: true }) }],
    },
  };
}

/** Pods are dialled by their addresses, which no certificate holds: the name that is verified is that of the Service. */
function verified({ certificates }: ClusterPlan, { workload, hostnames }: Endpoint, { namespace }: Pods) {
  const ours = certificates.some(
    ({ workload: holder, secret }) => holder === workload && secret?.namespace === namespace,
  );
  return {
    scheme: 'https',
    tlsConfig: {
      serverName: hostnames[0],
      ca: ours
        ? { configMap: { name: TRUST_NAME, key: TRUST_KEY } }
        : { secret: { name: CERT_MANAGER_METRICS, key: 'tls.crt' } },
    },
  };
}
