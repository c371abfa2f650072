import type { ClusterPlan } from '../../platform/plan/index.js';

/** Where the tree is read from. */
export interface Source {
  readonly kind: 'argocd' | 'flux';
  readonly repository: string;
  /** Whether it is an OCI artifact: all of it is the tree. */
  readonly isOci: boolean;
  /** Folder of the tree, without a slash at its end; empty for all of it. */
  readonly path: string;
  readonly revision: string;
}

/** Undefined when nobody but `platform apply` applies. */
export function sourceOf({ config }: ClusterPlan): Source | undefined {
  const { gitops } = config;
  if (gitops.kind === 'none') return undefined;
  const { kind, repository, revision } = gitops;
  const isOci = repository.startsWith('oci://');
  const path = isOci ? '' : gitops.path.replace(/^\.?\/+|\/+$/g, '');
  return { kind, repository, isOci, path: path === '.' ? '' : path, revision };
}

/** A folder of the tree, as seen from the root of its source. */
export function inSource({ path }: Source, folder: string): string {
  return path === '' ? folder : `${path}/${folder}`;
}
