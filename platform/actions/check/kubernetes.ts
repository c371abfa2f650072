import { kubernetesArtifacts, placeholderOutputs } from '../../../charts/app.js';
import { pulsarRelease } from '../../../charts/pulsar/index.js';
import type { Artifacts, Path } from '../../checks/index.js';
import { locate, type Source } from '../../config/index.js';
import type { Where } from '../../errors.js';
import { type ClusterPlan, NAMESPACES, PULSAR_RELEASE } from '../../plan/index.js';

/** The Kubernetes side of a plan, as rules read it. */
export function kubernetesArtifactsOf(plan: ClusterPlan, source: Source): Omit<Artifacts, 'templates'> {
  const { values } = pulsarRelease(plan);
  const { manifests, releases } = kubernetesArtifacts({ plan, outputs: placeholderOutputs(plan) });
  return {
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
