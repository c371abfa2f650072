import type { Config } from '../../config/index.js';
import type { Kubernetes, KubernetesOptions, Manifest } from '../../edges/kubernetes.js';
import { PlatformError } from '../../errors.js';
import { makePlan, NAMESPACES } from '../../plan/index.js';
import { connectCluster } from '../cluster/connect.js';
import { unhealthy } from '../cluster/health.js';
import type { CertificateFact, PartFact, StatusFacts } from './facts.js';

const WORKLOADS = [
  ['apps/v1', 'StatefulSet'],
  ['apps/v1', 'Deployment'],
  ['apps/v1', 'DaemonSet'],
] as const;

/** What an API server says of a platform: what runs in its namespaces, in which versions, with which certificates. */
export function clusterFacts(config: Config, options: KubernetesOptions): Promise<StatusFacts> {
  return factsOf(config.name, connectCluster(makePlan(config, { target: 'cluster' }), options));
}

export async function factsOf(name: string, cluster: Kubernetes): Promise<StatusFacts> {
  const namespaces = new Set<string>(Object.values(NAMESPACES));
  const own = (object: Manifest) => namespaces.has(object.metadata?.namespace ?? '');
  const version = await cluster.version();
  const workloads = (
    await Promise.all(WORKLOADS.map(([apiVersion, kind]) => cluster.list(apiVersion, kind)))
  ).flat();
  const certificates = await cluster.list('cert-manager.io/v1', 'Certificate').catch(missingKind);
  return {
    name,
    target: 'cluster',
    parts: workloads.filter(own).map(partOf),
    versions: { kubernetes: version },
    certificates: (certificates ?? []).filter(own).flatMap(certificateOf),
    subscriptions: [],
    deadLetters: [],
    unknown: [
      ...(certificates === undefined
        ? [{ what: 'certificates', reason: 'cert-manager is not installed' }]
        : []),
      ...(workloads.some(own) ? [] : [{ what: 'the platform', reason: 'nothing of it is in this cluster' }]),
    ],
  };
}

function missingKind(error: unknown): undefined {
  if (error instanceof PlatformError && error.code === 'KindUnknown') return undefined;
  throw error;
}

interface PodTemplate {
  readonly template?: { readonly spec?: { readonly containers?: readonly { readonly image?: string }[] } };
}

function partOf(object: Manifest): PartFact {
  const { name = '', namespace = '' } = object.metadata ?? {};
  const reason = unhealthy(object);
  const { template } = (object['spec'] ?? {}) as PodTemplate;
  const images = (template?.spec?.containers ?? []).flatMap(({ image }) => image ?? []);
  return {
    name: `${namespace}/${name}`,
    state: reason ?? 'ready',
    ready: reason === undefined,
    detail: images.join(', '),
    log: `kubectl -n ${namespace} logs ${(object.kind ?? '').toLowerCase()}/${name}`,
  };
}

function certificateOf(object: Manifest): CertificateFact[] {
  const { notBefore, notAfter } = (object['status'] ?? {}) as { notBefore?: string; notAfter?: string };
  if (notBefore === undefined || notAfter === undefined) return [];
  return [{ workload: object.metadata?.name ?? '', notBefore, notAfter }];
}
