import type { Artifacts, Template } from '../../checks/index.js';
import type { Source } from '../../config/index.js';
import type { Finding } from '../../errors.js';
import type { ClusterPlan } from '../../plan/index.js';
import { type SynthesizedStack, synthAws } from '../synth/aws.js';
import { kubernetesArtifactsOf } from './kubernetes.js';

export interface ArtifactsOfPlan {
  readonly artifacts: Artifacts;
  /** What CloudFormation's own check says, where it was asked. */
  readonly findings: readonly Finding[];
}

export interface ArtifactsOptions {
  /** platform.yaml, for the places of overrides. */
  readonly source: Source;
  /** Ask CloudFormation's own check too, which takes some seconds. @default false */
  readonly cloudformation?: boolean;
}

/** Everything that a plan makes, as rules read it. Needs neither an account nor a cluster. */
export async function artifactsOf(
  plan: ClusterPlan,
  { source, cloudformation = false }: ArtifactsOptions,
): Promise<ArtifactsOfPlan> {
  const { stacks, findings } = await synthAws(plan, { validate: cloudformation });
  return { artifacts: artifactsWith(plan, source, stacks), findings };
}

/** The same with stacks that are there already. */
export function artifactsWith(
  plan: ClusterPlan,
  source: Source,
  stacks: readonly SynthesizedStack[],
): Artifacts {
  return {
    ...kubernetesArtifactsOf(plan, source),
    templates: stacks.map(
      ({ name, template }): Template => ({
        name,
        body: JSON.parse(template),
        where: path => ({ file: `aws: ${name}.template.json`, path: path.join('.') }),
      }),
    ),
  };
}
