import { type ClusterPlan, NAMESPACES } from '../../platform/plan/index.js';
import type { Component } from '../component.js';
import type { HelmRelease } from '../helm/release.js';

/** Scales services by their backlog; not there when none is. What it scales stands beside each service. */
export const keda: Component = {
  name: 'keda',
  stage: 'operators',
  releases: ({ plan }) => (plan.workloads.some(({ name }) => name === 'keda') ? [release(plan)] : []),
};

function release(plan: ClusterPlan): HelmRelease {
  const replicas = plan.config.pulsar.survives === 'nothing' ? 1 : 2;
  const budget = replicas > 1 ? { maxUnavailable: 1 } : {};
  return {
    name: 'keda',
    namespace: NAMESPACES.keda,
    stage: 'operators',
    chart: 'keda',
    version: '2.20.2',
    appVersion: '2.20.2',
    repository: 'https://kedacore.github.io/charts',
    digest: 'sha256:db60b1fa60f0565fefa4ce2f87e855b6a8854363ee82962fbe28a12a70d64c4c',
    images: [
      'ghcr.io/kedacore/keda-admission-webhooks:2.20.2',
      'ghcr.io/kedacore/keda-metrics-apiserver:2.20.2',
      'ghcr.io/kedacore/keda:2.20.2',
    ],
    values: {
      // It may read every Secret of the namespaces that it watches: that of the services, and no other.
      watchNamespace: NAMESPACES.services,
      permissions: { metricServer: { restrict: { secret: true } } },
      // It scales Deployments and StatefulSets: without this it might scale, and read, every kind.
      rbac: { enabledCustomScaledRefKinds: false },
      image: { pullPolicy: 'IfNotPresent' },
      operator: { name: 'keda-operator', replicaCount: replicas },
      metricsServer: { replicaCount: replicas },
      webhooks: { name: 'keda-admission-webhooks', replicaCount: replicas },
      podDisruptionBudget: { operator: budget, metricServer: budget, webhooks: budget },
      prometheus: { operator: { enabled: plan.config.observability.kind !== 'none', port: 8080 } },
      resources: {
        operator: memory('100m', '128Mi', '512Mi'),
        metricServer: memory('50m', '64Mi', '256Mi'),
        webhooks: memory('10m', '32Mi', '128Mi'),
      },
    },
  };
}

function memory(cpu: string, request: string, limit: string) {
  // The chart limits the CPU to a whole one.
  return { requests: { cpu, memory: request }, limits: { cpu: null, memory: limit } };
}
