import type { ClusterPlan } from '../../platform/plan/index.js';
import { inSource, type Source } from './source.js';

/** An object of somebody else's kind, on its way to YAML. */
export type Manifest = { readonly apiVersion: string; readonly kind: string } & Readonly<
  Record<string, unknown>
>;

export const ARGOCD_NAMESPACE = 'argocd';
export const FLUX_NAMESPACE = 'flux-system';

/** What is applied once, by hand or by `platform apply`: from then on the tree applies itself. */
export function rootsOf(plan: ClusterPlan, source: Source): Manifest[] {
  return source.kind === 'argocd' ? [argoRoot(plan, source)] : fluxRoots(plan, source);
}

/** The application of applications. */
function argoRoot({ names }: ClusterPlan, source: Source): Manifest {
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Application',
    metadata: { name: names.prefix, namespace: ARGOCD_NAMESPACE },
    spec: {
      project: 'default',
      destination: { server: 'https://kubernetes.default.svc', namespace: ARGOCD_NAMESPACE },
      source: argoSource(source, 'apps'),
      syncPolicy: argoSync({ prune: false }),
    },
  };
}

export function argoSource(source: Source, folder: string) {
  return {
    repoURL: source.repository,
    targetRevision: source.revision,
    path: inSource(source, folder),
  };
}

/**
 * Server-side, so that each field has one owner; tried until it works, since kinds and webhooks of one wave may come a
 * moment after those of the wave before it.
 */
export function argoSync({ prune }: { readonly prune: boolean }) {
  return {
    automated: { prune, selfHeal: true },
    syncOptions: [
      'ServerSideApply=true',
      'SkipDryRunOnMissingResource=true',
      'RespectIgnoreDifferences=true',
    ],
    retry: { limit: -1, backoff: { duration: '10s', factor: 2, maxDuration: '5m' } },
  };
}

function fluxRoots({ names }: ClusterPlan, source: Source): Manifest[] {
  const metadata = { name: names.prefix, namespace: FLUX_NAMESPACE };
  return [
    source.isOci
      ? {
          apiVersion: 'source.toolkit.fluxcd.io/v1',
          kind: 'OCIRepository',
          metadata,
          spec: { interval: '5m', url: source.repository, ref: { tag: source.revision } },
        }
      : {
          apiVersion: 'source.toolkit.fluxcd.io/v1',
          kind: 'GitRepository',
          metadata,
          spec: { interval: '1m', url: gitUrl(source.repository), ref: { branch: source.revision } },
        },
    {
      apiVersion: 'kustomize.toolkit.fluxcd.io/v1',
      kind: 'Kustomization',
      metadata,
      spec: {
        interval: '10m',
        prune: false,
        sourceRef: fluxSource(names.prefix, source),
        path: `./${inSource(source, 'steps')}`,
      },
    },
  ];
}

export function fluxSource(name: string, { isOci }: Source) {
  return { kind: isOci ? 'OCIRepository' : 'GitRepository', name };
}

/** Flux takes no scp-like address. */
function gitUrl(repository: string): string {
  const match = /^(git@[^:/]+):(.+)$/.exec(repository);
  return match === null ? repository : `ssh://${match[1]}/${match[2]}`;
}
