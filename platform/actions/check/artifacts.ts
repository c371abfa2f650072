import { kubernetesArtifacts, placeholderOutputs } from '../../../charts/app.js';
import { pulsarRelease } from '../../../charts/pulsar/index.js';
import type { Artifacts, Path, Template } from '../../checks/index.js';
import { locate, type Source } from '../../config/index.js';
import type { Finding, Where } from '../../errors.js';
import { type ClusterPlan, NAMESPACES, PULSAR_RELEASE } from '../../plan/index.js';
import { synthAws } from '../synth/aws.js';

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
  const { values } = pulsarRelease(plan);
  const { manifests, releases } = kubernetesArtifacts({ plan, outputs: placeholderOutputs(plan) });
  return {
    artifacts: {
      releases: [
        {
          name: PULSAR_RELEASE,
          namespace: NAMESPACES.pulsar,
          chart: 'pulsar',
          values,
          where: path => placeOfValue(source, path, plan),
        },
        ...releases
          .filter(({ chart }) => chart !== 'pulsar')
          .map(({ name, namespace, chart, values: given }) => ({
            name,
            namespace,
            chart,
            values: given,
            where: (path: Path) => ({ file: `charts: ${name} values`, path: path.join('.') }),
          })),
      ],
      objects: manifests.flatMap(({ name, objects }) =>
        objects.map(object => ({
          object,
          where: (path: Path) => ({
            file: `kubernetes: ${name}.yaml`,
            path: [object.kind, object.metadata.name, ...path].join('.'),
          }),
        })),
      ),
      templates: stacks.map(
        ({ name, template }): Template => ({
          name,
          body: JSON.parse(template),
          where: path => ({ file: `aws: ${name}.template.json`, path: path.join('.') }),
        }),
      ),
    },
    findings,
  };
}

/** In platform.yaml where somebody wrote it, else in the values that the kit makes. */
function placeOfValue(source: Source, path: Path, { environment }: ClusterPlan): Where {
  const written = ['pulsar', 'values', ...path];
  const roots = environment === undefined ? [[]] : [['environments', environment], []];
  return roots.some(root => source.document.hasIn([...root, ...written]))
    ? locate(source, written, environment)
    : { file: 'charts: pulsar values', path: path.join('.') };
}
