import type { Config } from '../../config/index.js';
import type { PlainListener } from '../types.js';
import { dial, endpoint, named, operator, type Part, serviceHost } from './graph.js';
import { type ClusterNames, NAMESPACES, NODE_PORTS } from './names.js';
import type { Entrance } from './types.js';

/** The ingress controllers: names and ports of what serves, as their charts give them. */
export const INGRESS = {
  nginx: {
    name: 'nginx-ingress',
    does: "F5's NGINX Ingress Controller",
    service: 'nginx-ingress',
    listens: 8443,
    /** Kubernetes Secret of its certificate. */
    secret: 'ingress-tls',
    plain: [
      { port: 8080, why: 'NGINX has a plain default server, which answers 404' },
      { port: 8081, why: 'the controller has no TLS for its readiness', probed: true },
    ],
    metrics: 9113,
  },
  gateway: {
    name: 'envoy',
    does: 'Envoy, as Envoy Gateway configures it',
    service: 'envoy',
    // Envoy Gateway moves ports below 1024 up by 10,000, so that no capability is needed.
    listens: 10_443,
    // Under this name Envoy Gateway mounts it, for its own connection to Envoy as well.
    secret: 'envoy',
    plain: [
      { port: 19_002, why: 'the shutdown manager beside Envoy has no TLS for its probe', probed: true },
      { port: 19_003, why: 'Envoy Gateway gives Envoy no TLS for its readiness', probed: true },
    ],
    metrics: 19_001,
  },
  'ingress-nginx': {
    name: 'ingress-nginx',
    does: 'ingress-nginx (retired)',
    service: 'ingress-nginx-controller',
    listens: 8443,
    secret: 'ingress-tls',
    plain: [
      { port: 8080, why: 'NGINX has a plain server, which redirects to the other one' },
      { port: 10_254, why: 'the controller has no TLS for its probes', probed: true },
    ],
    metrics: 10_254,
  },
} as const;

/** What serves HTTP for everybody outside. */
export function ingressOf({ entrances: { http } }: Config): (typeof INGRESS)[keyof typeof INGRESS] {
  return INGRESS[http.kind];
}

/** Whether the gateway stands before Pulsar's binary protocol too, which it passes on by SNI. */
export function gatewayPassesPulsar({ entrances: { http, pulsar } }: Config): boolean {
  return http.kind === 'gateway' && pulsar.kind === 'nlb';
}

/** How people and programs outside come in. */
export function entrancesOf(config: Config, names: ClusterNames): Entrance[] {
  const { http, pulsar } = config.entrances;
  const { hosts } = names;
  return [
    {
      name: 'http',
      kind: 'alb',
      scheme: http.scheme,
      hostnames: [hosts.web, hosts.admin, ...(grafanaRuns(config) ? [hosts.grafana] : [])],
      port: 443,
      nodePort: NODE_PORTS.https,
      workload: 'ingress',
      allow: http.allow,
      idleTimeoutSeconds: http.idleTimeoutSeconds,
    },
    ...(pulsar.kind === 'none'
      ? []
      : [
          {
            name: 'pulsar' as const,
            kind: pulsar.kind,
            scheme: pulsar.scheme,
            hostnames: [hosts.pulsar],
            port: 6651,
            nodePort: NODE_PORTS.pulsar,
            workload: gatewayPassesPulsar(config) ? 'ingress' : 'proxy',
            allow: pulsar.allow,
            // The cloud controller's NLB has no setting for it.
            idleTimeoutSeconds: pulsar.kind === 'nlb' ? pulsar.idleTimeoutSeconds : 350,
          },
        ]),
  ];
}

export function grafanaRuns({ observability }: Config): boolean {
  return observability.kind === 'prometheus' && observability.grafana;
}

/** Load balancer, ingress controller, and what it may reach: nothing else is reachable from outside. */
export function edgePart(config: Config, names: ClusterNames): Part {
  const { name, does, service, listens } = ingressOf(config);
  const { http } = config.entrances;
  const webInside = config.web.runOn === 'eks';
  const publicHosts = [
    names.hosts.web,
    names.hosts.admin,
    ...(grafanaRuns(config) ? [names.hosts.grafana] : []),
  ];
  return {
    workloads: [
      { name: 'alb', kind: 'edge', does: 'load balancer for HTTP: ends the public TLS' },
      { name: 'ingress', kind: 'edge', does, pods: named(name, NAMESPACES.edge) },
      { name: 'browser', kind: 'person', does: 'somebody in a browser' },
      { name: 'operator', kind: 'person', does: 'the platform command, admin by hand' },
    ],
    endpoints: [
      endpoint('alb', 'https', { hostnames: publicHosts, port: 443, tls: 'server' }),
      endpoint('ingress', 'https', {
        hostnames: [serviceHost(service, NAMESPACES.edge), ...(webInside ? [] : [names.hosts.thread])],
        port: 443,
        listens,
        tls: 'server',
      }),
    ],
    dials: [
      dial('browser', 'alb/https', 'user', 'the voice chat'),
      dial('browser', 's3/https', 'presigned URL', 'uploads and plays'),
      dial('operator', 'alb/https', 'operator', 'admin, Grafana'),
      dial(
        'alb',
        webInside ? 'ingress/https' : 'web/https',
        'nobody',
        webInside ? 'every host' : 'the voice chat',
      ),
      ...(webInside
        ? [dial('ingress', 'web/https', 'nobody', `host ${names.hosts.web}`)]
        : [
            dial('alb', 'ingress/https', 'nobody', 'admin, Grafana'),
            dial('ingress', 'thread/https', 'nobody', `host ${names.hosts.thread}; web shows its key`),
          ]),
      dial('ingress', 'proxy/https', 'ingress', `host ${names.hosts.admin}; Pulsar asks for a token itself`),
      ...(http.websocket && config.pulsar.websocket === 'broker'
        ? [
            dial(
              'ingress',
              'broker/https',
              'ingress',
              `host ${names.hosts.admin}, /ws; Pulsar asks for a token`,
            ),
          ]
        : []),
      ...(grafanaRuns(config)
        ? [dial('ingress', 'grafana/https', 'nobody', `host ${names.hosts.grafana}`)]
        : []),
      ...(config.entrances.pulsar.kind === 'none'
        ? []
        : [dial('operator', 'proxy/pulsar+ssl', 'operator', 'produces and consumes, to verify')]),
      ...(http.kind === 'gateway'
        ? []
        : [dial('ingress', 'kubernetes/https', 'service account', 'reads its routes')]),
    ],
    plainListeners: plainListeners(config),
  };
}

function plainListeners(config: Config): PlainListener[] {
  const { plain, metrics: port } = ingressOf(config);
  const scraped = config.observability.kind !== 'none';
  const shared = plain.some(listener => listener.port === port);
  const fence = (scrapes: boolean, probed: boolean) =>
    `NetworkPolicy: ${[scrapes && 'Prometheus', probed && 'kubelet'].filter(Boolean).join(' and ') || 'nobody'}${scrapes || probed ? ' only' : ''}`;
  return [
    ...plain.map((listener): PlainListener => {
      const { port: own, why } = listener;
      const probed = 'probed' in listener;
      const scrapes = scraped && own === port;
      return {
        workload: 'ingress',
        port: own,
        why,
        fencedBy: fence(scrapes, probed),
        ...(scrapes && { dialledBy: ['prometheus'] }),
        ...(probed && { probed }),
      };
    }),
    ...(scraped && !shared
      ? [
          {
            workload: 'ingress',
            port,
            why: 'the ingress controller has no TLS for its metrics',
            fencedBy: fence(true, false),
            dialledBy: ['prometheus'],
          },
        ]
      : []),
  ];
}

/** What configures Envoy, by a mutual TLS of which both certificates are the platform's. */
export function gatewayPart(config: Config): Part {
  if (config.entrances.http.kind !== 'gateway') return {};
  const name = 'envoy-gateway';
  return {
    workloads: [
      operator(name, 'configures Envoy', { ...named('gateway-helm', NAMESPACES.edge), serviceAccount: name }),
    ],
    endpoints: [
      endpoint(name, 'https', { hostnames: [serviceHost(name, NAMESPACES.edge), name], port: 18_000 }),
    ],
    dials: [
      dial('ingress', `${name}/https`, 'ingress', 'what to serve (xDS)'),
      dial(name, 'kubernetes/https', 'service account', 'gateways and routes'),
    ],
    plainListeners: [
      {
        workload: name,
        port: 8081,
        why: 'Envoy Gateway has no TLS for its probes',
        fencedBy: 'NetworkPolicy: kubelet only',
        probed: true,
      },
      ...(config.observability.kind === 'none'
        ? []
        : [
            {
              workload: name,
              port: 19_001,
              why: 'Envoy Gateway has no TLS for its metrics',
              fencedBy: 'NetworkPolicy: Prometheus only',
              dialledBy: ['prometheus'],
            },
          ]),
    ],
  };
}
