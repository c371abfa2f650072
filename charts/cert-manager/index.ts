import { type ClusterPlan, NAMESPACES } from '../../platform/plan/index.js';
import type { Component } from '../component.js';
import { CONTAINER_SECURITY, POD_SECURITY } from '../helm/hardened.js';
import type { HelmRelease } from '../helm/release.js';

/** Secret in which cert-manager keeps the authority of its own metrics, in its namespace. */
export const CERT_MANAGER_METRICS = 'cert-manager-metrics-ca';

/** Asks for certificates and renews them; beside it the issuer that asks AWS Private CA, where one is used. */
export const certManager: Component = {
  name: 'cert-manager',
  stage: 'operators',
  releases: ({ plan }) => [
    certManagerRelease(plan),
    ...(plan.config.tls.issuer.kind === 'awsPrivateCa' ? [privateCaIssuerRelease(plan)] : []),
  ],
};

function certManagerRelease(plan: ClusterPlan): HelmRelease {
  const replicas = plan.config.pulsar.survives === 'nothing' ? 1 : 2;
  const metrics = plan.endpoints.find(({ id }) => id === 'cert-manager/https');
  return {
    name: 'cert-manager',
    namespace: NAMESPACES.certManager,
    stage: 'operators',
    chart: 'cert-manager',
    version: 'v1.21.1',
    appVersion: 'v1.21.1',
    repository: 'https://charts.jetstack.io',
    digest: 'sha256:c27101f3f3e2349fb4a9e704316105bf7b52ad73b8c8257d3498ef7f2f6a4adc',
    images: [
      'quay.io/jetstack/cert-manager-cainjector:v1.21.1',
      'quay.io/jetstack/cert-manager-controller:v1.21.1',
      'quay.io/jetstack/cert-manager-webhook:v1.21.1',
    ],
    values: {
      // Uninstalling the chart must not take every Certificate along.
      crds: { enabled: true, keep: true },
      global: { leaderElection: { namespace: NAMESPACES.certManager } },
      replicaCount: replicas,
      podDisruptionBudget: { enabled: replicas > 1, minAvailable: 1 },
      // It would look for its proof at the name servers of the domain, and no policy lets it out to them: those of the cluster do.
      ...(plan.config.tls.issuer.kind === 'letsEncrypt' && { dns01RecursiveNameserversOnly: true }),
      // The check after an installation is a hook.
      startupapicheck: { enabled: false },
      prometheus: { enabled: metrics !== undefined },
      // Without this its metrics go in plain.
      ...(metrics && {
        config: {
          apiVersion: 'controller.config.cert-manager.io/v1alpha1',
          kind: 'ControllerConfiguration',
          metricsTLSConfig: {
            dynamic: {
              secretNamespace: NAMESPACES.certManager,
              secretName: CERT_MANAGER_METRICS,
              dnsNames: metrics.hostnames,
            },
          },
        },
      }),
      resources: memory('32Mi', '256Mi'),
      webhook: { replicaCount: replicas, resources: memory('32Mi', '128Mi') },
      cainjector: { replicaCount: replicas, resources: memory('64Mi', '512Mi') },
    },
  };
}

function privateCaIssuerRelease(plan: ClusterPlan): HelmRelease {
  return {
    name: 'aws-privateca-issuer',
    namespace: NAMESPACES.certManager,
    stage: 'operators',
    chart: 'aws-privateca-issuer',
    version: 'v1.9.1',
    appVersion: 'v1.9.1',
    repository: 'https://cert-manager.github.io/aws-privateca-issuer',
    images: ['public.ecr.aws/k1n1h4h4/cert-manager-aws-privateca-issuer:v1.9.1'],
    values: {
      replicaCount: plan.config.pulsar.survives === 'nothing' ? 1 : 2,
      serviceAccount: { create: true, name: 'aws-privateca-issuer' },
      // Lets cert-manager's own approver approve requests to this kind of issuer: without it they stay silent.
      approverRole: { enabled: true, serviceAccountName: 'cert-manager', namespace: NAMESPACES.certManager },
      // The chart's limit of 64Mi is killed at some 350 certificates (its issue 448).
      resources: memory('64Mi', '256Mi'),
      // As it comes, it violates Pod Security `restricted`.
      podSecurityContext: { ...POD_SECURITY, runAsUser: 65_532 },
      securityContext: CONTAINER_SECURITY,
    },
  };
}

function memory(request: string, limit: string) {
  return { requests: { cpu: '10m', memory: request }, limits: { memory: limit } };
}
