import type { ClusterPlan } from '../../platform/plan/index.js';
import type { KubernetesArtifacts } from '../app.js';
import type { HelmRelease } from '../helm/release.js';
import { argoTree, type Files, type Rendered, text } from './argocd.js';
import { fluxTree } from './flux.js';
import { rootsOf } from './roots.js';
import { sourceOf } from './source.js';
import { stepsOf } from './steps.js';

/** Releases that must be rendered before a tree can be made: Argo CD alone can't patch a chart. */
export function releasesToRender(plan: ClusterPlan, { releases }: KubernetesArtifacts): HelmRelease[] {
  return sourceOf(plan)?.kind === 'argocd' ? releases.filter(({ patches = [] }) => patches.length > 0) : [];
}

/** The same artifacts as a tree that Argo CD or Flux applies by itself; `root.yaml` is applied once. Pure. */
export function gitopsTree(plan: ClusterPlan, artifacts: KubernetesArtifacts, rendered: Rendered): Files {
  const source = sourceOf(plan);
  if (source === undefined) throw new RangeError('the config has no gitops');
  const steps = stepsOf(artifacts);
  const tree =
    source.kind === 'argocd' ? argoTree(plan, source, steps, rendered) : fluxTree(plan, source, steps);
  return { 'root.yaml': text(rootsOf(plan, source)), ...tree };
}
