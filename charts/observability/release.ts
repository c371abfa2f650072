import type { ClusterPlan } from '../../platform/plan/index.js';
import type { HelmRelease } from '../helm/release.js';
import { resources, sizeOf, tier } from '../pulsar/values/placement.js';
import { grafanaValues } from './grafana.js';
import { MONITORING } from './names.js';

const REPOSITORY = 'https://prometheus-community.github.io/helm-charts';

export function definitionsRelease(): HelmRelease {
  return {
    name: 'prometheus-operator-crds',
    namespace: MONITORING.namespace,
    stage: 'operators',
    chart: 'prometheus-operator-crds',
    version: '31.0.1',
    appVersion: 'v0.93.1',
    repository: REPOSITORY,
    images: [],
    values: {},
  };
}

export function stackRelease(plan: ClusterPlan): HelmRelease {
  return {
    name: MONITORING.release,
    namespace: MONITORING.namespace,
    // Its pods mount certificates of the platform.
    stage: 'pulsar',
    chart: 'kube-prometheus-stack',
    version: '88.5.3',
    appVersion: 'v0.93.1',
    repository: REPOSITORY,
    images: [
      ...(plan.config.observability.kind === 'prometheus' && plan.config.observability.grafana
        ? ['docker.io/grafana/grafana:13.2.0']
        : []),
      // The operator makes the pods of Prometheus, with its own reloader beside it.
      'quay.io/prometheus-operator/prometheus-config-reloader:v0.93.1',
      'quay.io/prometheus-operator/prometheus-operator:v0.93.1',
      'quay.io/prometheus/prometheus:v3.14.0-distroless',
      'registry.k8s.io/kube-state-metrics/kube-state-metrics:v2.20.0',
    ],
    values: {
      fullnameOverride: MONITORING.release,
      crds: { enabled: false },
      // What the platform alarms of is in its own rules; these are made for other clusters than EKS.
      defaultRules: { create: false },
      alertmanager: { enabled: false },
      // It needs the host's network and has no TLS without a proxy; kubelet tells of disks and containers.
      nodeExporter: { enabled: false },
      coreDns: { enabled: false },
      kubeApiServer: { enabled: false },
      kubeControllerManager: { enabled: false },
      kubeEtcd: { enabled: false },
      kubeProxy: { enabled: false },
      kubeScheduler: { enabled: false },
      // EKS signs the certificates of its nodes by the authority that every pod is given.
      kubelet: { serviceMonitor: { insecureSkipVerify: false } },
      prometheusOperator: operator(),
      prometheus: prometheus(plan),
      'kube-state-metrics': kubeStateMetrics(plan),
      grafana: grafanaValues(plan),
    },
  };
}

/** Its webhook and metrics serve by TLS, with a certificate of an authority of its own that cert-manager keeps. */
function operator() {
  return {
    admissionWebhooks: {
      // A rule that it can't check is not read by Prometheus, which is no reason to stop an installation.
      failurePolicy: 'Ignore',
      // The other way of making its certificate is a hook.
      patch: { enabled: false },
      certManager: { enabled: true },
    },
    serviceMonitor: { selfMonitor: false },
    resources: memory('50m', '128Mi', '256Mi'),
    prometheusConfigReloader: { resources: memory('10m', '32Mi', '64Mi') },
  };
}

function prometheus(plan: ClusterPlan) {
  const { observability } = plan.config;
  if (observability.kind !== 'prometheus') return { enabled: false };
  const size = sizeOf(plan, 'prometheus');
  const [volume] = size.volumes;
  const secret = 'prometheus-tls';
  return {
    service: { port: 9090, targetPort: 9090 },
    serviceMonitor: { selfMonitor: false },
    prometheusSpec: {
      replicas: 1,
      ...tier(size),
      resources: resources(size),
      retention: `${observability.retentionDays}d`,
      // A full disk stops it: the oldest goes before that.
      retentionSize: `${Math.floor(observability.diskGiB * 0.85 * 1024)}MiB`,
      walCompression: true,
      externalUrl: `https://monitoring-prometheus.${MONITORING.namespace}.svc.cluster.local:9090`,
      externalLabels: { cluster: plan.names.cluster },
      web: {
        tlsConfig: {
          cert: { secret: { name: secret, key: 'tls.crt' } },
          keySecret: { name: secret, key: 'tls.key' },
          minVersion: 'TLS12',
        },
      },
      // Whatever is monitored or ruled in this cluster, and not only what this release has made.
      podMonitorSelectorNilUsesHelmValues: false,
      serviceMonitorSelectorNilUsesHelmValues: false,
      ruleSelectorNilUsesHelmValues: false,
      storageSpec: {
        volumeClaimTemplate: {
          spec: {
            storageClassName: volume?.storageClass,
            accessModes: ['ReadWriteOnce'],
            resources: { requests: { storage: `${volume?.sizeGiB}Gi` } },
          },
        },
      },
    },
  };
}

function kubeStateMetrics(plan: ClusterPlan) {
  const port = plan.endpoints.find(({ id }) => id === 'kube-state-metrics/https')?.port;
  const probe = { httpGet: { scheme: 'https' } };
  return {
    fullnameOverride: 'monitoring-kube-state-metrics',
    service: { port },
    extraArgs: ['--tls-config=/run/platform/web/web.yaml'],
    livenessProbe: probe,
    readinessProbe: probe,
    volumes: [
      { name: 'tls', secret: { secretName: 'kube-state-metrics-tls' } },
      { name: 'web', configMap: { name: MONITORING.webConfig } },
    ],
    volumeMounts: [
      { name: 'tls', mountPath: MONITORING.tls, readOnly: true },
      { name: 'web', mountPath: '/run/platform/web', readOnly: true },
    ],
    // What the rules and dashboards read; Secrets and ConfigMaps are nobody's metrics.
    collectors: COLLECTED,
    prometheus: { monitor: { enabled: false } },
    resources: memory('20m', '64Mi', '256Mi'),
  };
}

const COLLECTED = [
  'daemonsets',
  'deployments',
  'horizontalpodautoscalers',
  'jobs',
  'namespaces',
  'nodes',
  'persistentvolumeclaims',
  'poddisruptionbudgets',
  'pods',
  'statefulsets',
];

function memory(cpu: string, request: string, limit: string) {
  return { requests: { cpu, memory: request }, limits: { memory: limit } };
}
