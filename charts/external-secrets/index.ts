import { type ClusterPlan, NAMESPACES } from '../../platform/plan/index.js';
import type { Component } from '../component.js';
import type { HelmRelease } from '../helm/release.js';

/** Shows the secrets of the store as Kubernetes Secrets. With SOPS, whoever applies decrypts, and nothing runs. */
export const externalSecrets: Component = {
  name: 'external-secrets',
  stage: 'operators',
  releases: ({ plan }) => (plan.config.secrets.kind === 'sops' ? [] : [release(plan)]),
};

const RESOURCES = { requests: { cpu: '10m', memory: '64Mi' }, limits: { memory: '256Mi' } };

function release(plan: ClusterPlan): HelmRelease {
  const replicas = plan.config.pulsar.survives === 'nothing' ? 1 : 2;
  return {
    name: 'external-secrets',
    namespace: NAMESPACES.externalSecrets,
    stage: 'operators',
    chart: 'external-secrets',
    version: '2.9.0',
    appVersion: 'v2.9.0',
    repository: 'https://charts.external-secrets.io',
    digest: 'sha256:da2d5c126a103b4c1b16a9dc1c168c4332a3687144e88ac070e594f81a0b6578',
    images: ['ghcr.io/external-secrets/external-secrets:v2.9.0'],
    values: {
      installCRDs: true,
      replicaCount: replicas,
      leaderElect: replicas > 1,
      serviceAccount: { create: true, name: 'external-secrets' },
      // A SecretStore of a namespace could read on behalf of others: the platform has one store, for the cluster.
      processClusterExternalSecret: false,
      resources: RESOURCES,
      // Each has its own, and none by default: a leak would take the other pods of the node along.
      webhook: { replicaCount: replicas, resources: RESOURCES },
      certController: { replicaCount: 1, resources: RESOURCES },
    },
  };
}
