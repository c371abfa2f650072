import { ApiObject, type Chart } from 'cdk8s';
import {
  type ClusterPlan,
  gatewayPassesPulsar,
  INGRESS,
  keepSeconds,
  NODE_PORTS,
} from '../../../platform/plan/index.js';
import { PRIORITY_CLASSES } from '../../pulsar/values/placement.js';
import { at, EDGE_NODES, EDGE_RESOURCES, type LOG_FIELDS, ONE_MORE } from '../edge.js';
import { idleSeconds } from '../sites.js';
import { CONTROLLER } from './values.js';

export const GATEWAY_API = 'gateway.networking.k8s.io/v1';
export const ENVOY_API = 'gateway.envoyproxy.io/v1alpha1';
export const GATEWAY = 'edge';

/** Names of the listeners. */
export const HTTPS = 'https';
export const PULSAR = 'pulsar';

const { name, service, secret } = INGRESS.gateway;
const CLASS = 'platform';

/** The Gateway, and the Envoys that serve it on the edge nodes. */
export function door(chart: Chart, plan: ClusterPlan): void {
  const passes = gatewayPassesPulsar(plan.config);
  new ApiObject(chart, 'class', {
    apiVersion: GATEWAY_API,
    kind: 'GatewayClass',
    metadata: { name: CLASS },
    spec: { controllerName: CONTROLLER },
  });
  new ApiObject(chart, 'envoy', {
    apiVersion: ENVOY_API,
    kind: 'EnvoyProxy',
    metadata: at(name),
    spec: envoy(passes),
  });
  new ApiObject(chart, 'gateway', {
    apiVersion: GATEWAY_API,
    kind: 'Gateway',
    metadata: at(GATEWAY),
    spec: {
      gatewayClassName: CLASS,
      infrastructure: { parametersRef: { group: 'gateway.envoyproxy.io', kind: 'EnvoyProxy', name } },
      listeners: [
        {
          // Without a host: the load balancer names none in its handshake.
          name: HTTPS,
          protocol: 'HTTPS',
          port: 443,
          tls: { mode: 'Terminate', certificateRefs: [{ kind: 'Secret', name: secret }] },
          allowedRoutes: { namespaces: { from: 'Same' }, kinds: [{ kind: 'HTTPRoute' }] },
        },
        ...(passes
          ? [
              {
                name: PULSAR,
                protocol: 'TLS',
                port: 6651,
                hostname: plan.names.hosts.pulsar,
                tls: { mode: 'Passthrough' },
                allowedRoutes: { namespaces: { from: 'Same' }, kinds: [{ kind: 'TLSRoute' }] },
              },
            ]
          : []),
      ],
    },
  });
  clients(chart, plan);
}

function envoy(passes: boolean) {
  const ports = [
    { port: 443, nodePort: NODE_PORTS.https },
    ...(passes ? [{ port: 6651, nodePort: NODE_PORTS.pulsar }] : []),
  ];
  return {
    provider: {
      type: 'Kubernetes',
      kubernetes: {
        envoyServiceAccount: { name },
        envoyDaemonSet: {
          name,
          strategy: ONE_MORE,
          pod: { ...EDGE_NODES, priorityClassName: PRIORITY_CLASSES.serving },
          container: { resources: EDGE_RESOURCES },
        },
        envoyService: {
          name: service,
          type: 'NodePort',
          externalTrafficPolicy: 'Local',
          patch: { type: 'StrategicMerge', value: { spec: { ports } } },
        },
      },
    },
    // Shown to the backends that ask for one.
    backendTLS: { clientCertificateRef: { kind: 'Secret', name: secret }, minVersion: '1.2' },
    telemetry: { accessLog: { settings: [{ format: { type: 'JSON', json: ENVOY_LOG }, sinks: [STDOUT] }] } },
    shutdown: { drainTimeout: '60s', minDrainDuration: '10s' },
  };
}

const STDOUT = { type: 'File', file: { path: '/dev/stdout' } };

/** The fields of `LOG_FIELDS`, in the words of Envoy. */
const ENVOY_LOG: Readonly<Record<keyof typeof LOG_FIELDS, string>> = {
  time: '%START_TIME%',
  client: '%DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT%',
  host: '%REQ(:AUTHORITY)%',
  method: '%REQ(:METHOD)%',
  path: '%REQ_WITHOUT_QUERY(:PATH)%',
  status: '%RESPONSE_CODE%',
  bytes: '%BYTES_SENT%',
  seconds: '%DURATION%',
  backend: '%UPSTREAM_HOST%',
};

/** How the load balancer is met: who the client is, and how long a silent connection stays. */
function clients(chart: Chart, plan: ClusterPlan): void {
  new ApiObject(chart, 'clients', {
    apiVersion: ENVOY_API,
    kind: 'ClientTrafficPolicy',
    metadata: at(GATEWAY),
    spec: {
      targetRefs: [
        { group: 'gateway.networking.k8s.io', kind: 'Gateway', name: GATEWAY, sectionName: HTTPS },
      ],
      tls: { minVersion: '1.2' },
      clientIPDetection: { xForwardedFor: { trustedCIDRs: [plan.network.cidr] } },
      timeout: {
        http: { idleTimeout: `${keepSeconds(plan.config)}s`, streamIdleTimeout: `${idleSeconds(plan)}s` },
      },
    },
  });
}
