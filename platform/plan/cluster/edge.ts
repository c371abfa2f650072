import type { Config } from '../../config/index.js';
import { dial, endpoint, named, type Part, serviceHost } from './graph.js';
import { type ClusterNames, NAMESPACES, NODE_PORTS } from './names.js';
import type { Entrance } from './types.js';

/** Name of the ingress controller's Service, by kind. */
export const INGRESS = {
  nginx: { name: 'nginx-ingress', does: "F5's NGINX Ingress Controller" },
  gateway: { name: 'envoy', does: 'Envoy Gateway' },
  'ingress-nginx': { name: 'ingress-nginx', does: 'ingress-nginx (retired)' },
} as const;

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
            workload: 'proxy',
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
  const { name, does } = INGRESS[config.entrances.http.kind];
  const scraped = config.observability.kind !== 'none';
  const webInside = config.web.runOn === 'eks';
  return {
    workloads: [
      { name: 'alb', kind: 'edge', does: 'load balancer for HTTP: ends the public TLS' },
      { name: 'ingress', kind: 'edge', does, pods: named(name, NAMESPACES.edge) },
      { name: 'browser', kind: 'person', does: 'somebody in a browser' },
      { name: 'operator', kind: 'person', does: 'the platform command, admin by hand' },
    ],
    endpoints: [
      endpoint('alb', 'https', {
        hostnames: [
          names.hosts.web,
          names.hosts.admin,
          ...(grafanaRuns(config) ? [names.hosts.grafana] : []),
        ],
        port: 443,
        tls: 'server',
      }),
      endpoint('ingress', 'https', {
        hostnames: [serviceHost(name, NAMESPACES.edge), ...(webInside ? [] : [names.hosts.thread])],
        port: 443,
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
      ...(grafanaRuns(config)
        ? [dial('ingress', 'grafana/https', 'nobody', `host ${names.hosts.grafana}`)]
        : []),
      ...(config.entrances.pulsar.kind === 'none'
        ? []
        : [dial('operator', 'proxy/pulsar+ssl', 'operator', 'produces and consumes, to verify')]),
      dial('ingress', 'kubernetes/https', 'service account', 'reads ingresses'),
    ],
    plainListeners: scraped
      ? [
          {
            workload: 'ingress',
            port: config.entrances.http.kind === 'gateway' ? 19_001 : 9113,
            why: 'the ingress controller has no TLS for its metrics',
            fencedBy: 'NetworkPolicy: Prometheus only',
            dialledBy: ['prometheus'],
          },
        ]
      : [],
  };
}
