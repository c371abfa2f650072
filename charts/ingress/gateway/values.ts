import { type ClusterPlan, NAMESPACES } from '../../../platform/plan/index.js';
import type { ValuesOf } from '../../helm/shape.js';
import { PRIORITY_CLASSES } from '../../pulsar/values/placement.js';
import type { GATEWAY_HELM } from './shape.js';

export const CONTROLLER = 'gateway.envoyproxy.io/gatewayclass-controller';

export function gatewayValues(plan: ClusterPlan): ValuesOf<typeof GATEWAY_HELM> {
  const replicas = plan.config.pulsar.survives === 'nothing' ? 1 : 2;
  return {
    config: {
      envoyGateway: {
        gateway: { controllerName: CONTROLLER },
        provider: {
          type: 'Kubernetes',
          // It would read the Secrets of every namespace that it watches.
          kubernetes: { watch: { type: 'Namespaces', namespaces: [NAMESPACES.edge] } },
        },
        // Backends by their name: their Services are in namespaces that it does not see.
        extensionApis: { enableBackend: true },
      },
    },
    deployment: {
      replicas,
      // Rate limits and Wasm, which it serves too, are not used.
      ports: [
        { name: 'grpc', port: 18_000, targetPort: 18_000 },
        { name: 'metrics', port: 19_001, targetPort: 19_001 },
      ],
      priorityClassName: PRIORITY_CLASSES.serving,
      envoyGateway: {
        resources: { requests: { cpu: '100m', memory: '256Mi' }, limits: { memory: '1024Mi' } },
      },
      pod: {
        topologySpreadConstraints: [
          {
            maxSkew: 1,
            topologyKey: 'topology.kubernetes.io/zone',
            whenUnsatisfiable: 'ScheduleAnyway',
            labelSelector: { matchLabels: { 'control-plane': 'envoy-gateway' } },
          },
        ],
      },
    },
    podDisruptionBudget: { minAvailable: replicas - 1 },
    // A webhook for topology-aware routing, whose certificate comes from a hook.
    topologyInjector: { enabled: false },
  };
}
