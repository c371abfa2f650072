import type { Config } from '../../config/index.js';
import { grafanaRuns } from './edge.js';
import { dial, endpoint, metrics, named, operator, type Part, serviceHost } from './graph.js';
import { NAMESPACES } from './names.js';

/** What runs the cluster: certificates, secrets, nodes, scaling, metrics. Each only where the config needs it. */
export function operatorsPart(config: Config): Part[] {
  return [
    certificates(config),
    ...(config.secrets.kind === 'sops' ? [] : [externalSecrets(config)]),
    ...(config.nodes.stateless.kind === 'karpenter' ? [karpenter(config)] : []),
    ...(scalesByBacklog(config) ? [keda(config)] : []),
    ...(config.observability.kind === 'none' ? [] : [monitoring(config)]),
    outside(config),
  ];
}

export function scalesByBacklog(config: Config): boolean {
  return scaledByBacklog(config).length > 0;
}

/** Services that KEDA scales by their backlog. */
function scaledByBacklog({ services }: Config): string[] {
  return (['transcriber', 'images'] as const).filter(name => services[name].scaling.kind === 'backlog');
}

/** Whether AWS Private CA is asked by the issuer inside the cluster. */
export function usesPrivateCa({ tls }: Config): boolean {
  return tls.issuer.kind === 'awsPrivateCa';
}

const API = (name: string, why: string) => dial(name, 'kubernetes/https', 'service account', why);

/** The API server calls a webhook by its Service; the certificate is the operator's own. */
function webhook(workload: string, service: string, namespace: string, port: number, why: string): Part {
  return {
    endpoints: [
      endpoint(workload, 'https', { hostnames: [`${service}.${namespace}.svc`], port, tls: 'server' }),
    ],
    dials: [dial('kubernetes', `${workload}/https`, 'api server', why)],
  };
}

function certificates(config: Config): Part {
  const namespace = NAMESPACES.certManager;
  const hook = webhook(
    'cert-manager-webhook',
    'cert-manager-webhook',
    namespace,
    10_250,
    'checks certificates',
  );
  const scraped = config.observability.kind !== 'none';
  const letsEncrypt = config.tls.issuer.kind === 'letsEncrypt';
  return {
    workloads: [
      operator('cert-manager', 'asks for certificates and renews them', named('cert-manager', namespace)),
      operator(
        'cert-manager-cainjector',
        'tells the API server whom to trust',
        named('cainjector', namespace, 'cert-manager-cainjector'),
      ),
      operator(
        'cert-manager-webhook',
        'checks certificates as they are written',
        named('webhook', namespace, 'cert-manager-webhook'),
      ),
      ...(usesPrivateCa(config)
        ? [
            operator(
              'privateca-issuer',
              'asks AWS Private CA',
              named('aws-privateca-issuer', namespace, 'aws-privateca-issuer'),
            ),
          ]
        : []),
    ],
    endpoints: [
      ...(hook.endpoints ?? []),
      ...(scraped
        ? [
            endpoint('cert-manager', 'https', {
              hostnames: [`cert-manager.${namespace}.svc`],
              port: 9402,
              tls: 'server',
            }),
          ]
        : []),
    ],
    dials: [
      ...(hook.dials ?? []),
      ...(scraped ? [dial('prometheus', 'cert-manager/https', 'anonymous', 'metrics')] : []),
      ...['cert-manager', 'cert-manager-cainjector', 'cert-manager-webhook'].map(name =>
        API(name, 'its objects'),
      ),
      ...(letsEncrypt
        ? [
            dial('cert-manager', 'letsencrypt/https', 'account key', 'public certificates'),
            dial('cert-manager', 'aws/https', 'pod identity', 'proves the domain in Route 53'),
          ]
        : []),
      ...(usesPrivateCa(config)
        ? [
            API('privateca-issuer', 'certificate requests'),
            dial('privateca-issuer', 'aws/https', 'pod identity', 'issues'),
          ]
        : []),
    ],
  };
}

function fenced(workload: string, port: number, what: string) {
  return {
    workload,
    port,
    why: `${what} has no TLS for its metrics`,
    fencedBy: 'NetworkPolicy: Prometheus only',
    dialledBy: ['prometheus'],
  };
}

function externalSecrets(config: Config): Part {
  const namespace = NAMESPACES.externalSecrets;
  const hook = webhook(
    'external-secrets-webhook',
    'external-secrets-webhook',
    namespace,
    10_250,
    'checks external secrets',
  );
  const scraped = config.observability.kind !== 'none';
  return {
    workloads: [
      operator('external-secrets', 'shows secrets of the store', named('external-secrets', namespace)),
      operator(
        'external-secrets-webhook',
        'checks external secrets as they are written',
        named('external-secrets-webhook', namespace),
      ),
      operator(
        'external-secrets-cert-controller',
        "renews its webhook's certificate",
        named('external-secrets-cert-controller', namespace),
      ),
    ],
    endpoints: [...(hook.endpoints ?? [])],
    dials: [
      ...(hook.dials ?? []),
      API('external-secrets', 'external secrets'),
      API('external-secrets-cert-controller', "its webhook's certificate"),
      API('external-secrets-webhook', 'its objects'),
      dial('external-secrets', 'aws/https', 'pod identity', 'reads secrets'),
    ],
    plainListeners: scraped ? [fenced('external-secrets', 8080, 'external-secrets')] : [],
  };
}

function karpenter(config: Config): Part {
  return {
    workloads: [operator('karpenter', 'makes and removes nodes', named('karpenter', NAMESPACES.karpenter))],
    dials: [
      API('karpenter', 'pods and nodes'),
      dial('karpenter', 'aws/https', 'pod identity', 'instances, prices, interruptions'),
    ],
    plainListeners: [
      metrics(
        'karpenter',
        8080,
        'Karpenter has no TLS for its metrics',
        config.observability.kind !== 'none',
      ),
    ],
  };
}

/**
 * The scaler asks the proxy, not the brokers: a broker redirects to the one that owns the topic, and KEDA 2.20's client
 * fails on a redirect. It asks as the service that it scales, whose role may see the statistics of its own topics.
 */
function keda(config: Config): Part {
  const scaled = scaledByBacklog(config);
  const hook = webhook(
    'keda-admission',
    'keda-admission-webhooks',
    NAMESPACES.keda,
    9443,
    'checks scaled objects',
  );
  const metricsApi = webhook(
    'keda-metrics',
    'keda-operator-metrics-apiserver',
    NAMESPACES.keda,
    6443,
    'reads metrics',
  );
  return {
    workloads: [
      {
        ...operator('keda', 'scales by backlog', {
          ...named('keda-operator', NAMESPACES.keda),
          labels: { app: 'keda-operator' },
        }),
        ...(scaled[0] !== undefined && { presents: scaled[0] }),
      },
      operator('keda-metrics', 'tells the API server the backlog', {
        ...named('keda-metrics', NAMESPACES.keda, 'keda-metrics-server'),
        labels: { app: 'keda-operator-metrics-apiserver' },
      }),
      operator('keda-admission', 'checks scaled objects as they are written', {
        ...named('keda-admission', NAMESPACES.keda, 'keda-webhook'),
        labels: { app: 'keda-admission-webhooks' },
      }),
    ],
    endpoints: [
      ...(hook.endpoints ?? []),
      ...(metricsApi.endpoints ?? []),
      endpoint('keda', 'https', {
        hostnames: [`keda-operator.${NAMESPACES.keda}.svc`],
        port: 9666,
        tls: 'mutual',
      }),
    ],
    dials: [
      ...(hook.dials ?? []),
      ...(metricsApi.dials ?? []),
      API('keda', 'scaled objects'),
      API('keda-metrics', 'its objects'),
      API('keda-admission', 'its objects'),
      dial('keda-metrics', 'keda/https', 'keda', 'what to scale by'),
      ...scaled.map(name => dial('keda', 'proxy/https', name, `the backlog of ${name}`)),
    ],
    plainListeners: config.observability.kind === 'none' ? [] : [fenced('keda', 8080, 'KEDA')],
  };
}

function monitoring(config: Config): Part {
  const namespace = NAMESPACES.monitoring;
  const hook = webhook('prometheus-operator', 'monitoring-operator', namespace, 10_250, 'checks rules');
  const host = (name: string, port: number) => ({
    hostnames: [serviceHost(`monitoring-${name}`, namespace)],
    port,
    tls: 'server' as const,
  });
  return {
    workloads: [
      operator(
        'prometheus',
        'scrapes and keeps metrics',
        named('prometheus', namespace, 'monitoring-prometheus'),
      ),
      operator(
        'prometheus-operator',
        'configures Prometheus',
        named('kube-prometheus-stack-prometheus-operator', namespace, 'monitoring-operator'),
      ),
      operator(
        'kube-state-metrics',
        'metrics of Kubernetes objects',
        named('kube-state-metrics', namespace, 'monitoring-kube-state-metrics'),
      ),
      ...(grafanaRuns(config)
        ? [operator('grafana', 'dashboards', named('grafana', namespace, 'monitoring-grafana'))]
        : []),
    ],
    endpoints: [
      endpoint('prometheus', 'https', host('prometheus', 9090)),
      endpoint('kube-state-metrics', 'https', host('kube-state-metrics', 8443)),
      endpoint('kubelet', 'https', { hostnames: [nodeNames(config)], port: 10_250, tls: 'server' }),
      ...(grafanaRuns(config) ? [endpoint('grafana', 'https', host('grafana', 3000))] : []),
      ...(hook.endpoints ?? []),
    ],
    dials: [
      ...(hook.dials ?? []),
      API('prometheus', 'finds what to scrape'),
      API('prometheus-operator', 'its objects'),
      API('kube-state-metrics', 'objects, but no Secret'),
      dial('prometheus', 'kubelet/https', 'service account', 'metrics of disks and containers'),
      dial('prometheus', 'prometheus/https', 'anonymous', 'metrics'),
      dial('prometheus', 'kube-state-metrics/https', 'anonymous', 'metrics'),
      ...(grafanaRuns(config) ? [dial('grafana', 'prometheus/https', 'grafana', 'queries')] : []),
    ],
  };
}

/** Names that EC2 gives to nodes; us-east-1 is the exception of old. */
function nodeNames({ region }: Config): string {
  return region === 'us-east-1' ? '*.ec2.internal' : `*.${region}.compute.internal`;
}

/** Ends beyond the cluster. Their certificates are public, or, the API server's, in every pod. */
function outside(config: Config): Part {
  const { database } = config.services;
  const named = chosen(config);
  return {
    workloads: [
      { name: 'kubernetes', kind: 'backing', does: 'the API server' },
      ...(config.observability.kind === 'none'
        ? []
        : [{ name: 'kubelet', kind: 'backing' as const, does: 'the agent of each node' }]),
      { name: 's3', kind: 'backing', does: 'object store' },
      { name: 'speech', kind: 'backing', does: 'speech to text by the OpenAI API' },
      { name: 'aws', kind: 'backing', does: 'APIs of AWS' },
      ...(config.tls.issuer.kind === 'letsEncrypt'
        ? [{ name: 'letsencrypt', kind: 'backing' as const, does: "Let's Encrypt" }]
        : []),
      ...(database.kind === 'postgres'
        ? [{ name: 'postgres', kind: 'backing' as const, does: 'your database' }]
        : []),
      ...named.map(({ name, does }) => ({ name, kind: 'backing' as const, does })),
    ],
    endpoints: [
      endpoint('kubernetes', 'https', { hostnames: ['kubernetes.default.svc'], port: 443, tls: 'server' }),
      endpoint('s3', 'https', {
        hostnames: [`s3.${config.region}.amazonaws.com`, `*.s3.${config.region}.amazonaws.com`],
        port: 443,
        tls: 'server',
      }),
      atUrl('speech', config.services.transcriber.apiUrl),
      endpoint('aws', 'https', { hostnames: [`*.${config.region}.amazonaws.com`], port: 443, tls: 'server' }),
      ...(config.tls.issuer.kind === 'letsEncrypt'
        ? [
            endpoint('letsencrypt', 'https', {
              hostnames: [
                config.tls.issuer.staging
                  ? 'acme-staging-v02.api.letsencrypt.org'
                  : 'acme-v02.api.letsencrypt.org',
              ],
              port: 443,
              tls: 'server',
            }),
          ]
        : []),
      ...(database.kind === 'postgres'
        ? [
            endpoint('postgres', 'postgres+tls', {
              hostnames: [database.host],
              port: database.port,
              tls: 'server',
            }),
          ]
        : []),
      ...named.map(({ name, url }) => atUrl(name, url)),
    ],
    dials: [
      ...(config.pulsar.tieredStorage.kind === 's3'
        ? [dial('broker', 's3/https', 'pod identity', 'old ledgers')]
        : []),
    ],
  };
}

/** Ends that the config names, and that not everybody has. */
function chosen({ services, web: { signIn } }: Config) {
  return [
    ...(signIn.kind === 'oidc'
      ? [{ name: 'sign-in', does: 'your OpenID provider', url: signIn.issuer }]
      : []),
    ...(services.tracesUrl === undefined
      ? []
      : [{ name: 'traces', does: 'your OpenTelemetry collector', url: services.tracesUrl }]),
  ];
}

function atUrl(workload: string, url: string) {
  const { hostname, port, pathname } = new URL(url);
  const path = pathname.replace(/\/$/, '');
  return endpoint(workload, 'https', {
    ...{ hostnames: [hostname], port: port === '' ? 443 : Number(port), tls: 'server' },
    ...(path !== '' && { path }),
  });
}
