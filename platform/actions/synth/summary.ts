import type { KubernetesArtifacts } from '../../../charts/index.js';
import type { ClusterPlan } from '../../plan/index.js';
import type { SynthesizedStack } from './aws.js';

/** One page on what was made, for whoever reviews it. */
export function summaryText(
  plan: ClusterPlan,
  stacks: readonly SynthesizedStack[],
  { manifests, releases }: KubernetesArtifacts,
): string {
  const objects = manifests.flatMap(file => file.objects);
  const kinds = [...new Set(objects.map(({ kind }) => kind))].sort();
  const row = (...cells: readonly (string | number)[]) => `| ${cells.join(' | ')} |`;
  return `${[
    `# ${plan.names.prefix}`,
    '',
    `Region ${plan.region}, ${plan.network.zones.map(({ name }) => name).join(', ')}. Made from platform.yaml; do not edit.`,
    '',
    row('AWS stack', 'needs'),
    row('---', '---'),
    ...stacks.map(({ stackName, needs }) => row(stackName, needs.join(', ') || '-')),
    '',
    row('release', 'chart', 'version', 'namespace', 'stage'),
    row('---', '---', '---', '---', '---'),
    ...releases.map(({ name, chart, version, namespace, stage }) =>
      row(name, chart, version, namespace, stage),
    ),
    '',
    row('manifests', 'stage', 'objects'),
    row('---', '---', '---'),
    ...manifests.map(file => row(`kubernetes/${file.name}.yaml`, file.stage, file.objects.length)),
    '',
    row('kind', 'objects'),
    row('---', '---'),
    ...kinds.map(kind => row(kind, objects.filter(object => object.kind === kind).length)),
    '',
    row('stage', 'installs', 'until'),
    row('---', '---', '---'),
    ...plan.stages.map(({ name, installs, until }) => row(name, installs.join(', ') || '-', until)),
  ].join('\n')}\n`;
}
