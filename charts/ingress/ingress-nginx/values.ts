import {
  type ClusterPlan,
  INGRESS,
  keepSeconds,
  NAMESPACES,
  NODE_PORTS,
} from '../../../platform/plan/index.js';
import { NO_DEFAULT, type ValuesOf } from '../../helm/shape.js';
import { PRIORITY_CLASSES } from '../../pulsar/values/placement.js';
import { EDGE_NODES, EDGE_RESOURCES, LOG_FIELDS, ONE_MORE } from '../edge.js';
import { idleSeconds } from '../sites.js';
import type { INGRESS_NGINX } from './shape.js';

export const CLASS = 'nginx';

const { listens, secret, plain } = INGRESS['ingress-nginx'];
const [redirects] = plain;

export function ingressNginxValues(plan: ClusterPlan): ValuesOf<typeof INGRESS_NGINX> {
  return {
    controller: {
      kind: 'DaemonSet',
      ...EDGE_NODES,
      priorityClassName: PRIORITY_CLASSES.serving,
      resources: EDGE_RESOURCES,
      updateStrategy: ONE_MORE,
      containerPort: { http: NO_DEFAULT, https: listens },
      extraArgs: {
        'http-port': String(redirects.port),
        'https-port': String(listens),
        'default-ssl-certificate': `${NAMESPACES.edge}/${secret}`,
        'update-status': 'false',
      },
      config: config(plan),
      allowSnippetAnnotations: false,
      enableAnnotationValidations: true,
      // Its hole of 2025 (CVE-2025-1974) was here, and only the kit writes what it would check.
      admissionWebhooks: { enabled: false },
      // It would read the Secrets of every namespace.
      scope: { enabled: true, namespace: NAMESPACES.edge },
      publishService: { enabled: false },
      ingressClassResource: { name: CLASS, enabled: true, default: false },
      service: {
        enabled: true,
        type: 'NodePort',
        externalTrafficPolicy: 'Local',
        enableHttp: false,
        ports: { https: 443 },
        targetPorts: { https: 'https' },
        nodePorts: { https: NODE_PORTS.https },
      },
      metrics: { enabled: plan.config.observability.kind !== 'none' },
    },
    rbac: { create: true, scope: true },
  };
}

/** ConfigMap of the controller. */
function config(plan: ClusterPlan): Record<string, string> {
  return {
    'annotations-risk-level': 'Medium',
    'ssl-protocols': 'TLSv1.2 TLSv1.3',
    'server-tokens': 'false',
    'use-forwarded-headers': 'true',
    'compute-full-forwarded-for': 'true',
    'proxy-real-ip-cidr': plan.network.cidr,
    'proxy-body-size': '1m',
    'proxy-connect-timeout': '5',
    'keep-alive': String(keepSeconds(plan.config)),
    'worker-shutdown-timeout': `${idleSeconds(plan)}s`,
    'log-format-escape-json': 'true',
    'log-format-upstream': JSON.stringify(LOG_FIELDS),
  };
}
