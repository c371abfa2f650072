import type { KubernetesArtifacts, ManifestFile } from '../app.js';
import type { HelmRelease } from '../helm/release.js';
import { STAGES, type StageName } from '../stages.js';

/**
 * What is applied together. The charts of a stage come before its own objects, which may be of kinds that those charts
 * bring. Nothing needs a hook: each step waits for the one before it.
 */
export interface Step {
  /** `operators-charts`, `operators`: also the name of its folder. */
  readonly name: string;
  readonly stage: StageName;
  /**
   * `environment`: what the platform is made of, in the hands of those who run it; `application`: the services, in the
   * hands of those who write them.
   */
  readonly side: 'environment' | 'application';
  readonly manifests: readonly ManifestFile[];
  readonly releases: readonly HelmRelease[];
}

const APPLICATION = ['services'];

/** Who applies the tree is no part of it. */
const LEFT_OUT = ['gitops'];

export function stepsOf({ manifests, releases }: KubernetesArtifacts): Step[] {
  const own = manifests.filter(({ component }) => !LEFT_OUT.includes(component));
  const steps = STAGES.flatMap((stage): Step[] => {
    const of = (side: Step['side']) =>
      own.filter(
        file => file.stage === stage && (side === 'application') === APPLICATION.includes(file.component),
      );
    return [
      {
        name: `${stage}-charts`,
        stage,
        side: 'environment',
        manifests: [],
        releases: releases.filter(release => release.stage === stage),
      },
      { name: stage, stage, side: 'environment', manifests: of('environment'), releases: [] },
      { name: 'application', stage, side: 'application', manifests: of('application'), releases: [] },
    ];
  });
  return steps.filter(step => step.manifests.length + step.releases.length > 0);
}
