import path from 'node:path';
import envPaths from 'env-paths';
import { parseAllDocuments } from 'yaml';
import {
  applyPatches,
  type HelmRelease,
  INSTALL_VALUES,
  type KubernetesArtifacts,
  kubernetesArtifacts,
  mergeValues,
} from '../../../charts/index.js';
import { deliveryFiles } from '../../aws/index.js';
import { helm } from '../../edges/helm.js';
import type { Manifest } from '../../edges/kubernetes.js';
import { type ClusterPlan, type Outputs, PULSAR_RELEASE, TRUST_NAME } from '../../plan/index.js';
import type { TargetOptions } from '../target.js';
import { PULSAR_ORDER } from './restart/index.js';
import type { StageObjects } from './stages.js';

export interface ObjectsOptions extends Pick<TargetOptions, 'helm' | 'charts' | 'signal' | 'stages'> {
  /** Stages that were healthy once. Before Pulsar was, the jobs that make its metadata are among the objects. */
  readonly healthy: readonly string[];
}

/**
 * The objects of every stage: those of the kit, and those of the charts as helm renders them. Releases are not left to
 * helm: one way of applying gives one difference, one owner of each field, and no hooks.
 */
export async function stageObjects(
  plan: ClusterPlan,
  outputs: Outputs,
  options: ObjectsOptions,
): Promise<StageObjects[]> {
  const artifacts = kubernetesArtifacts({ plan, outputs });
  const names = [...new Set([...artifacts.manifests, ...artifacts.releases].map(({ stage }) => stage))];
  const order = plan.stages.map(({ name }) => name);
  const wanted = names
    .filter(name => options.stages?.includes(name) ?? true)
    .sort((a, b) => order.indexOf(a) - order.indexOf(b));
  const stages: StageObjects[] = [];
  for (const name of wanted) {
    const own = artifacts.manifests
      .filter(({ stage }) => stage === name)
      .flatMap(({ objects }) => objects as readonly Manifest[]);
    const rendered = await renderReleases(plan, artifacts, name, options);
    const rights = name === 'services' ? deliveryRights(plan) : [];
    stages.push({ name, groups: groupsOf(name, [...own, ...rendered, ...rights]) });
  }
  return stages;
}

/** What deliveries may do in the cluster, as `platform synth` writes it. */
function deliveryRights(plan: ClusterPlan): Manifest[] {
  const text = deliveryFiles(plan)['delivery/access.yaml'];
  return text === undefined ? [] : parseAllDocuments(text).map(document => document.toJS() as Manifest);
}

async function renderReleases(
  plan: ClusterPlan,
  { releases }: KubernetesArtifacts,
  stage: string,
  options: ObjectsOptions,
): Promise<Manifest[]> {
  const objects: Manifest[] = [];
  for (const release of releases.filter(it => it.stage === stage)) {
    const first = release.name === PULSAR_RELEASE && !options.healthy.includes('pulsar');
    objects.push(...(await renderRelease(plan, first ? withInstallation(release) : release, options)));
  }
  return objects;
}

/** With the jobs that make Pulsar's metadata, once. */
export function withInstallation(release: HelmRelease): HelmRelease {
  const values = mergeValues(release.values, INSTALL_VALUES) as HelmRelease['values'];
  return { ...release, values };
}

type HelmOptions = Pick<TargetOptions, 'helm' | 'charts' | 'signal'>;

/** The objects of a chart, patched, without hooks. */
export async function renderRelease(
  plan: ClusterPlan,
  { name, namespace, values, patches = [], chart, version, repository, digest, pinned }: HelmRelease,
  { helm: program, charts, signal }: HelmOptions,
): Promise<Manifest[]> {
  const cache = path.join(envPaths('pulsar-platform-kit', { suffix: '' }).cache, 'charts');
  const rendered = await helm({ program, charts: charts ?? cache }).render(
    {
      ...{ name: chart, version, repository },
      ...(digest !== undefined && { digest }),
      ...(pinned !== undefined && { pinned }),
    },
    { release: name, namespace, values, kubernetesVersion: plan.config.cluster.kubernetesVersion, signal },
  );
  const patched = applyPatches(rendered, patches) as Manifest[];
  return patched.map(object => withNamespace(object, namespace));
}

/** Charts leave the namespace of the release to helm. */
function withNamespace(object: Manifest, namespace: string): Manifest {
  if (object.metadata?.namespace !== undefined || CLUSTER_WIDE.has(object.kind ?? '')) return object;
  return { ...object, metadata: { ...object.metadata, namespace } };
}

const CLUSTER_WIDE = new Set([
  'Namespace',
  'CustomResourceDefinition',
  'ClusterRole',
  'ClusterRoleBinding',
  'PriorityClass',
  'StorageClass',
  'IngressClass',
  'GatewayClass',
  'ValidatingWebhookConfiguration',
  'MutatingWebhookConfiguration',
  'APIService',
  'ClusterIssuer',
  'AWSPCAClusterIssuer',
  'ClusterSecretStore',
  'NodePool',
  'EC2NodeClass',
]);

/** Groups of a stage: each is healthy before the next is applied. */
function groupsOf(stage: string, objects: readonly Manifest[]): readonly (readonly Manifest[])[] {
  const groups =
    stage === 'pulsar' ? pulsarGroups(objects) : stage === 'trust' ? trustGroups(objects) : [objects];
  return groups.filter(group => group.length > 0);
}

/** Pulsar's sets one after the other, with what they need before them. Its jobs wait for the metadata store. */
function pulsarGroups(objects: readonly Manifest[]): Manifest[][] {
  const [metadata, ...later] = [PULSAR_ORDER.slice(0, 2), ...PULSAR_ORDER.slice(2).map(name => [name])];
  const ofSets = (names: readonly string[] | undefined) =>
    objects.filter(object => names?.includes(componentOf(object) ?? ''));
  const jobs = objects.filter(({ kind }) => kind === 'Job');
  // What runs by the clock asks Pulsar: while there is none it would only fail.
  const scheduled = objects.filter(({ kind }) => kind === 'CronJob');
  const rest = objects.filter(
    object => componentOf(object) === undefined && !jobs.includes(object) && !scheduled.includes(object),
  );
  return [rest, [...ofSets(metadata), ...jobs], ...later.map(ofSets), scheduled];
}

/** The roots of an authority inside the cluster are known once it is there. */
function trustGroups(objects: readonly Manifest[]): Manifest[][] {
  const bundles = objects.filter(({ metadata }) => metadata?.name === TRUST_NAME);
  return [objects.filter(object => !bundles.includes(object)), bundles];
}

/** `bookie`, when it is one of the sets of the Pulsar chart. */
export function componentOf({ kind, metadata }: Manifest): string | undefined {
  const component = metadata?.labels?.['component'] ?? '';
  return kind === 'StatefulSet' && PULSAR_ORDER.includes(component) ? component : undefined;
}
