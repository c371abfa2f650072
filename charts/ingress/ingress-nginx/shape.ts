import type { Shape } from '../../helm/shape.js';

/** The keys of the chart `ingress-nginx` that the kit sets. */
export const INGRESS_NGINX = {
  controller: {
    kind: 'string',
    image: { readOnlyRootFilesystem: 'boolean' },
    containerPort: { http: 'number', https: 'number' },
    extraArgs: 'map',
    config: 'map',
    allowSnippetAnnotations: 'boolean',
    enableAnnotationValidations: 'boolean',
    admissionWebhooks: { enabled: 'boolean' },
    scope: { enabled: 'boolean', namespace: 'string' },
    publishService: { enabled: 'boolean' },
    ingressClassResource: { name: 'string', enabled: 'boolean', default: 'boolean' },
    service: {
      enabled: 'boolean',
      type: 'string',
      externalTrafficPolicy: 'string',
      enableHttp: 'boolean',
      ports: { https: 'number' },
      targetPorts: { https: 'string' },
      nodePorts: { https: 'number' },
    },
    nodeSelector: 'map',
    tolerations: 'list',
    priorityClassName: 'string',
    resources: 'any',
    updateStrategy: 'any',
    metrics: { enabled: 'boolean' },
  },
  rbac: { create: 'boolean', scope: 'boolean' },
} as const satisfies Shape;
