import type { Problem, Rule } from './rule.js';

const everywhere = '0.0.0.0/0';

export const ingressIsMaintained: Rule = ({ entrances: { http } }) =>
  http.kind === 'ingress-nginx'
    ? [
        {
          code: 'IngressNginxRetired',
          severity: 'warning',
          path: ['entrances', 'http', 'kind'],
          message: 'ingress-nginx was retired in March 2026: nobody mends its security holes any more',
          saw: http.kind,
          want: 'nginx or gateway',
          source: 'https://kubernetes.io/blog/2025/11/11/ingress-nginx-retirement/',
        },
      ]
    : [];

/** Kubernetes versions that Envoy Gateway 1.9 is made for. */
const ENVOY_GATEWAY_KUBERNETES = ['1.33', '1.34', '1.35', '1.36'];

export const gatewayRunsOnKubernetes: Rule = ({ entrances: { http }, cluster }) =>
  http.kind !== 'gateway' || ENVOY_GATEWAY_KUBERNETES.includes(cluster.kubernetesVersion)
    ? []
    : [
        {
          code: 'GatewayUnsupported',
          path: ['entrances', 'http', 'kind'],
          message: `Envoy Gateway 1.9 is not made for Kubernetes ${cluster.kubernetesVersion}`,
          saw: cluster.kubernetesVersion,
          want: `one of ${ENVOY_GATEWAY_KUBERNETES.join(', ')}, or entrances.http.kind: nginx`,
        },
      ];

export const entrancesAreBounded: Rule = ({ entrances: { http, pulsar } }) => {
  const open = (path: Problem['path'], what: string): Problem => ({
    code: 'EntranceOpenToWorld',
    severity: 'warning',
    path,
    message: `${what} is open to the whole internet`,
    saw: everywhere,
    want: 'your own networks',
  });
  return [
    ...(http.adminAllow.includes(everywhere) && http.scheme === 'internet-facing'
      ? [
          open(
            ['entrances', 'http', 'adminAllow'],
            'the admin API and Grafana, behind their passwords alone,',
          ),
        ]
      : []),
    ...(pulsar.kind !== 'none' && pulsar.scheme === 'internet-facing' && pulsar.allow.includes(everywhere)
      ? [open(['entrances', 'pulsar', 'allow'], "the Pulsar proxy, which its authors don't make for that,")]
      : []),
  ];
};

export const websocketIsServed: Rule = ({ entrances: { http }, pulsar }) =>
  http.websocket && pulsar.websocket === 'off'
    ? [
        {
          code: 'WebSocketUnserved',
          path: ['entrances', 'http', 'websocket'],
          message: 'the entrance for WebSocket clients leads to nobody',
          saw: 'pulsar.websocket: off',
          want: 'pulsar.websocket: proxy or broker, or entrances.http.websocket: false',
        },
      ]
    : [];

export const wafFacesStrangers: Rule = ({ entrances: { http } }) =>
  http.scheme === 'internal' && http.waf
    ? [
        {
          code: 'WafInside',
          severity: 'warning',
          path: ['entrances', 'http', 'waf'],
          message:
            'a web application firewall before an internal load balancer costs as much and sees no stranger',
        },
      ]
    : [];

export const scalingIsOrdered: Rule = ({ services, web }) =>
  (
    [
      [['services', 'transcriber', 'scaling', 'min'], services.transcriber.scaling],
      [['services', 'images', 'scaling', 'min'], services.images.scaling],
      [['services', 'thread', 'scaling', 'min'], services.thread.scaling],
      [['web', 'scaling', 'min'], web.scaling],
    ] as const
  ).flatMap(([path, scaling]): Problem[] =>
    scaling.kind === 'fixed' || scaling.min <= scaling.max
      ? []
      : [
          {
            code: 'BoundsReversed',
            path,
            message: 'fewer replicas are allowed than must be there',
            saw: scaling.min,
            want: `<= ${scaling.max}, the value of max`,
          },
        ],
  );

/** Services without a topic of their own have no backlog to scale by. */
export const backlogExists: Rule = ({ services, web }) =>
  (
    [
      [['services', 'thread', 'scaling', 'kind'], services.thread.scaling],
      [['web', 'scaling', 'kind'], web.scaling],
    ] as const
  ).flatMap(([path, { kind }]): Problem[] =>
    kind === 'backlog'
      ? [
          {
            code: 'BacklogAbsent',
            path,
            message: 'this service reads every message by itself, so that more replicas shorten no backlog',
            saw: kind,
            want: 'cpu or fixed',
          },
        ]
      : [],
  );
