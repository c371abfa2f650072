import type { Shape } from '../../helm/shape.js';

/** The keys of the chart `gateway-helm` that the kit sets. */
export const GATEWAY_HELM = {
  config: {
    envoyGateway: {
      gateway: { controllerName: 'string' },
      provider: {
        type: 'string',
        kubernetes: {
          watch: { type: 'string', namespaces: 'strings' },
        },
      },
      extensionApis: { enableBackend: 'boolean' },
    },
  },
  deployment: {
    replicas: 'number',
    ports: 'list',
    priorityClassName: 'string',
    envoyGateway: { resources: 'any' },
    pod: { topologySpreadConstraints: 'list' },
  },
  podDisruptionBudget: { minAvailable: 'number' },
  topologyInjector: { enabled: 'boolean' },
} as const satisfies Shape;
