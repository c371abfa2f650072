import { stringify } from 'yaml';
import { type ClusterPlan, DELIVERY_MANAGER } from '../../platform/plan/index.js';
import type { KubernetesObject, ManifestFile } from '../app.js';
import type { HelmRelease } from '../helm/release.js';
import { STAGES } from '../stages.js';
import { ARGOCD_NAMESPACE, argoSource, argoSync, type Manifest } from './roots.js';
import type { Source } from './source.js';
import type { Step } from './steps.js';

export type Files = Readonly<Record<string, string>>;

/** Objects of the releases whose charts need patches, rendered and patched, by the name of the release. */
export type Rendered = ReadonlyMap<string, readonly KubernetesObject[]>;

/**
 * `apps/`: one Application for each file of manifests and each chart, with the sync wave of its step; `environment/` and
 * `application/`: the manifests. Two projects keep the sides apart.
 */
export function argoTree(
  plan: ClusterPlan,
  source: Source,
  steps: readonly Step[],
  rendered: Rendered,
): Files {
  const parts = steps.flatMap(step => [
    ...step.releases.map(release => releasePart(plan, source, step, release, rendered)),
    ...step.manifests.map(file => manifestPart(plan, source, step, file)),
  ]);
  const ordered = parts.map(({ name, application, objects }, index) => {
    const number = String((index + 1) * 10).padStart(3, '0');
    return {
      [`apps/${number}-${name}.yaml`]: text([application]),
      ...(objects && { [`${objects.folder}/objects.yaml`]: text(objects.objects) }),
    };
  });
  const projects = [...projectsOf(plan, source, steps), ...ociRepositories(steps)];
  return Object.assign({ 'apps/000-projects.yaml': text(projects) }, ...ordered) as Files;
}

interface Part {
  readonly name: string;
  readonly application: Manifest;
  readonly objects?: { readonly folder: string; readonly objects: readonly object[] };
}

function releasePart(
  plan: ClusterPlan,
  source: Source,
  step: Step,
  release: HelmRelease,
  rendered: Rendered,
): Part {
  const { name, namespace, chart, version, repository, values, patches = [] } = release;
  if (patches.length > 0) {
    const objects = rendered.get(name);
    if (objects === undefined) throw new RangeError(`the release ${name} has patches, and is not rendered`);
    const folder = `${step.side}/${name}-chart`;
    return {
      name: `${name}-chart`,
      application: application(plan, step, `${name}-chart`, namespace, argoSource(source, folder)),
      objects: { folder, objects },
    };
  }
  return {
    name: `${name}-chart`,
    application: application(plan, step, `${name}-chart`, namespace, {
      repoURL: repository.replace(/^oci:\/\//, ''),
      chart,
      targetRevision: version,
      helm: { releaseName: name, valuesObject: values },
    }),
  };
}

function manifestPart(
  plan: ClusterPlan,
  source: Source,
  step: Step,
  { component, objects }: ManifestFile,
): Part {
  const folder = `${step.side}/${component}`;
  return {
    name: component,
    application: application(plan, step, component, undefined, argoSource(source, folder)),
    objects: { folder, objects },
  };
}

function application(
  plan: ClusterPlan,
  step: Step,
  name: string,
  namespace: string | undefined,
  source: object,
): Manifest {
  const { prefix } = plan.names;
  // What delivers images owns that one field.
  const delivered = step.side === 'application' && plan.config.delivery.kind !== 'none';
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Application',
    metadata: {
      name: `${prefix}-${name}`,
      namespace: ARGOCD_NAMESPACE,
      annotations: { 'argocd.argoproj.io/sync-wave': String(waveOf(step)) },
    },
    spec: {
      project: projectName(plan, step.side),
      destination: {
        server: 'https://kubernetes.default.svc',
        ...(namespace !== undefined && { namespace }),
      },
      source,
      // What holds data is never deleted because a file is gone.
      syncPolicy: argoSync({ prune: step.side === 'application' }),
      ...(delivered && {
        ignoreDifferences: ['Deployment', 'StatefulSet'].map(kind => ({
          group: 'apps',
          kind,
          managedFieldsManagers: [DELIVERY_MANAGER],
        })),
      }),
    },
  };
}

/** A wave for each stage: its charts, then its objects. */
export function waveOf({ stage, releases, side }: Pick<Step, 'stage' | 'releases' | 'side'>): number {
  return (STAGES.indexOf(stage) + 1) * 10 + (releases.length > 0 ? 0 : side === 'environment' ? 1 : 2);
}

function projectName({ names }: ClusterPlan, side: Step['side']): string {
  return `${names.prefix}-${side}`;
}

/** The side of the applications may write services in their namespaces, and nothing of the cluster. */
function projectsOf(plan: ClusterPlan, { repository }: Source, steps: readonly Step[]): Manifest[] {
  const project = (side: Step['side'], description: string, spec: object): Manifest => ({
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'AppProject',
    metadata: {
      name: projectName(plan, side),
      namespace: ARGOCD_NAMESPACE,
      annotations: { 'argocd.argoproj.io/sync-wave': '0' },
    },
    spec: { description, ...spec },
  });
  const server = 'https://kubernetes.default.svc';
  const charts = steps.flatMap(({ releases }) => releases.map(it => it.repository.replace(/^oci:\/\//, '')));
  const objects = steps
    .filter(({ side }) => side === 'application')
    .flatMap(({ manifests }) => manifests.flatMap(file => file.objects));
  const namespaces = unique(objects.flatMap(({ metadata }) => metadata.namespace ?? []));
  const kinds = unique(objects.map(({ apiVersion, kind }) => `${groupOf(apiVersion)}/${kind}`));
  return [
    project('environment', `${plan.names.prefix}: what the platform is made of`, {
      sourceRepos: unique([repository, ...charts]),
      destinations: [{ server, namespace: '*' }],
      clusterResourceWhitelist: [{ group: '*', kind: '*' }],
    }),
    project('application', `${plan.names.prefix}: the services`, {
      sourceRepos: [repository],
      destinations: namespaces.map(namespace => ({ server, namespace })),
      clusterResourceWhitelist: [],
      namespaceResourceWhitelist: kinds.map(text => {
        const [group = '', kind = ''] = text.split('/');
        return { group, kind };
      }),
    }),
  ];
}

/** Argo CD takes charts from an OCI registry only when it has been told that it is one. */
function ociRepositories(steps: readonly Step[]): Manifest[] {
  const urls = steps.flatMap(({ releases }) =>
    releases.filter(
      ({ repository, patches = [] }) => repository.startsWith('oci://') && patches.length === 0,
    ),
  );
  return unique(urls.map(({ repository }) => repository.slice('oci://'.length))).map(url => ({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: {
      name: `helm-${url.replaceAll(/[^a-z0-9]+/g, '-')}`,
      namespace: ARGOCD_NAMESPACE,
      labels: { 'argocd.argoproj.io/secret-type': 'repository' },
      annotations: { 'argocd.argoproj.io/sync-wave': '0' },
    },
    stringData: { type: 'helm', name: url, url, enableOCI: 'true' },
  }));
}

function groupOf(apiVersion: string): string {
  return apiVersion.includes('/') ? (apiVersion.split('/')[0] ?? '') : '';
}

function unique(texts: readonly string[]): string[] {
  return [...new Set(texts)].sort();
}

export function text(objects: readonly object[]): string {
  return objects
    .map(object => stringify(object, { lineWidth: 0, aliasDuplicateObjects: false }))
    .join('---\n');
}
