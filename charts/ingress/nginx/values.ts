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
import { idleSeconds, namespacesOf, sitesOf } from '../sites.js';
import type { NGINX_INGRESS } from './shape.js';

/** Class of the routes, and name of their one listener. */
export const CLASS = 'nginx';
export const LISTENER = 'https';

const { listens, secret, plain, metrics } = INGRESS.nginx;
const [defaultServer, ready] = plain;

export function nginxValues(plan: ClusterPlan): ValuesOf<typeof NGINX_INGRESS> {
  return {
    serviceNameOverride: INGRESS.nginx.service,
    controller: {
      kind: 'daemonset',
      ...EDGE_NODES,
      priorityClassName: PRIORITY_CLASSES.serving,
      resources: EDGE_RESOURCES,
      strategy: ONE_MORE,
      // kube-proxy needs a moment to leave the pod out.
      lifecycle: { preStop: { exec: { command: ['sleep', '10'] } } },
      terminationGracePeriodSeconds: 60,
      readOnlyRootFilesystem: true,
      disableIPV6: true,
      // Listeners of their own, so that no site is served on port 80 too.
      globalConfiguration: {
        create: true,
        spec: { listeners: [{ name: LISTENER, port: listens, protocol: 'HTTP', ssl: true }] },
      },
      containerPort: { http: NO_DEFAULT, https: listens },
      // It can't be left out; it answers 404, and no Service leads to it.
      defaultHTTPListenerPort: defaultServer.port,
      defaultHTTPSListenerPort: listens,
      defaultTLS: { secret: `${NAMESPACES.edge}/${secret}` },
      healthStatus: true,
      healthStatusURI: '/nginx-health',
      readyStatus: { enable: true, port: ready.port },
      nginxStatus: { enable: false },
      config: { entries: entries(plan) },
      ingressClass: { name: CLASS, create: true, setAsDefaultIngress: false },
      enableCustomResources: true,
      enableSnippets: false,
      enableTLSPassthrough: false,
      watchNamespace: namespacesOf(sitesOf(plan)).join(','),
      watchSecretNamespace: NAMESPACES.edge,
      reportIngressStatus: { enable: false },
      telemetryReporting: { enable: false },
      service: {
        create: true,
        type: 'NodePort',
        // Each node answers for itself, and the load balancer's health check tells of it.
        externalTrafficPolicy: 'Local',
        httpPort: { enable: false },
        httpsPort: { enable: true, port: 443, nodePort: NODE_PORTS.https, targetPort: listens },
      },
    },
    // The chart's ClusterRole reads every Secret of the cluster; a smaller one of the same name takes its place.
    rbac: { create: true, clusterrole: { create: false } },
    prometheus: { create: plan.config.observability.kind !== 'none', port: metrics },
  };
}

/** ConfigMap of the controller. */
function entries(plan: ClusterPlan): Record<string, string> {
  return {
    'ssl-protocols': 'TLSv1.2 TLSv1.3',
    // Open-source NGINX takes no other word.
    'server-tokens': 'false',
    'client-max-body-size': '1m',
    'proxy-connect-timeout': '5s',
    'keepalive-timeout': `${keepSeconds(plan.config)}s`,
    // After a reload, old workers keep their connections, but not for ever.
    'worker-shutdown-timeout': `${idleSeconds(plan)}s`,
    // The load balancer says who the client is; nobody outside of the VPC can.
    'real-ip-header': 'X-Forwarded-For',
    'set-real-ip-from': plan.network.cidr,
    'real-ip-recursive': 'true',
    'log-format-escaping': 'json',
    'log-format': JSON.stringify(LOG_FIELDS),
  };
}
