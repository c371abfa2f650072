import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { configOf, MINIMAL } from '../../platform/config/testing/configs.js';
import { makePlan } from '../../platform/plan/index.js';
import {
  gitopsTree,
  type KubernetesObject,
  kubernetesArtifacts,
  placeholderOutputs,
  releasesToRender,
} from '../index.js';

const GIT = 'https://git.example.com/platform.git';
const PATCHED: KubernetesObject = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'rendered' } };

function made(gitops: string, more = '') {
  const plan = makePlan(configOf(`${MINIMAL}gitops: ${gitops}\n${more}`), { target: 'cluster' });
  const artifacts = kubernetesArtifacts({ plan, outputs: placeholderOutputs(plan) });
  const rendered = new Map(releasesToRender(plan, artifacts).map(({ name }) => [name, [PATCHED]]));
  const tree = gitopsTree(plan, artifacts, rendered);
  const objects = Object.entries(tree).flatMap(([file, text]) =>
    parseAllDocuments(text).map(document => ({ file, ...(document.toJS() as Thing) })),
  );
  return { plan, artifacts, tree, objects, ofKind: (kind: string) => objects.filter(it => it.kind === kind) };
}

interface Thing {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly annotations?: Record<string, string>;
  };
  // biome-ignore lint/suspicious/noExplicitAny: each kind has its own
  readonly spec: any;
}

/** What the plan makes, but for what hands it over: by kind, namespace and name. */
const keyOf = ({ kind, metadata }: Pick<Thing, 'kind' | 'metadata'>) =>
  `${kind} ${metadata.namespace ?? ''}/${metadata.name}`;

describe.each([
  ['argocd', `{ kind: argocd, repository: "${GIT}", path: deploy/prod }`],
  ['flux', `{ kind: flux, repository: "${GIT}", path: deploy/prod }`],
])('a tree for %s', (kind, gitops) => {
  const { plan, artifacts, tree, objects } = made(gitops);

  it('holds every object and every chart of the plan, once', () => {
    const wanted = artifacts.manifests
      .filter(({ component }) => component !== 'gitops')
      .flatMap(file => file.objects.map(keyOf));
    const held = objects
      .filter(({ file }) => /^(environment|application)\//.test(file) && !file.endsWith('kustomization.yaml'))
      .map(keyOf);
    for (const key of wanted) expect(held.filter(it => it === key).length, key).toBe(1);
    expect(wanted.length).toBeGreaterThan(100);
    const charts = objects.flatMap(({ kind: of, spec }) =>
      of === 'Application' ? [spec.source.chart] : of === 'HelmRelease' ? [`${spec.chart.spec.chart}`] : [],
    );
    const unpatched = artifacts.releases.filter(
      ({ patches = [] }) => kind === 'flux' || patches.length === 0,
    );
    expect(charts.filter(Boolean).sort()).toEqual(unpatched.map(({ chart }) => chart).sort());
  });

  it('looks for every folder where it is', () => {
    const folders = objects.flatMap(({ spec }) => [spec?.source?.path, spec?.path].filter(Boolean));
    expect(folders.length).toBeGreaterThan(5);
    for (const folder of folders) {
      const inTree = String(folder).replace(/^(\.\/)?deploy\/prod\//, '');
      expect(
        Object.keys(tree).some(file => file.startsWith(`${inTree}/`)),
        String(folder),
      ).toBe(true);
    }
  });

  it('runs no hook, and deletes nothing that holds data because a file is gone', () => {
    expect(JSON.stringify(objects)).not.toMatch(/helm\.sh\/hook|argocd\.argoproj\.io\/hook"/);
    for (const { kind: of, metadata, spec } of objects) {
      const prunes =
        of === 'Application' ? spec.syncPolicy.automated.prune : of === 'Kustomization' && spec?.prune;
      if (prunes) expect(metadata.name).toMatch(/-(services|application)$/);
    }
  });

  it('has no secret value, and the same bytes each time', () => {
    expect(JSON.stringify(tree)).not.toMatch(/PRIVATE KEY/);
    expect(made(gitops).tree).toEqual(tree);
  });

  it('begins with a root that `platform apply` hands over to as well', () => {
    const root = parseAllDocuments(tree['root.yaml'] ?? '').map(it => keyOf(it.toJS() as Thing));
    const handed = artifacts.manifests.find(({ component }) => component === 'gitops')?.objects.map(keyOf);
    expect(handed).toEqual(root);
    expect(artifacts.manifests.at(-1)?.component).toBe('gitops');
    expect(plan.config.gitops.kind).toBe(kind);
  });
});

describe('Argo CD', () => {
  const { ofKind, objects } = made(
    `{ kind: argocd, repository: "${GIT}" }`,
    'delivery: { kind: github, repository: example/voice }',
  );
  const app = (name: string) =>
    ofKind('Application').find(({ metadata }) => metadata.name === `voice-${name}`);
  const wave = (name: string) => Number(app(name)?.metadata.annotations?.['argocd.argoproj.io/sync-wave']);

  it('applies by sync waves, which are the stages', () => {
    const names = ofKind('Application').map(({ metadata }) => metadata.name);
    expect(new Set(names).size).toBe(names.length);
    const order = [
      'namespaces',
      'cert-manager-chart',
      'karpenter-chart',
      'karpenter',
      'issuers',
      'secrets',
      'pulsar-chart',
      'services',
    ];
    const waves = order.map(wave);
    expect(waves.filter(Number.isNaN)).toEqual([]);
    expect([...waves].sort((a, b) => a - b)).toEqual(waves);
    expect(wave('cert-manager-chart')).toBeLessThan(wave('issuers'));
  });

  it('gets charts by pinned version with their values, and rendered where they need patches', () => {
    expect(app('cert-manager-chart')?.spec.source).toMatchObject({
      repoURL: 'https://charts.jetstack.io',
      chart: 'cert-manager',
      targetRevision: 'v1.21.1',
      helm: { releaseName: 'cert-manager', valuesObject: { crds: { enabled: true } } },
    });
    expect(app('pulsar-chart')?.spec.source).toEqual({
      repoURL: GIT,
      targetRevision: 'main',
      path: 'deploy/environment/pulsar-chart',
    });
    const shown = objects.filter(({ file }) => file === 'environment/pulsar-chart/objects.yaml');
    expect(shown.map(({ metadata }) => metadata.name)).toEqual(['rendered']);
  });

  it('keeps the services in a project that may write nothing of the cluster', () => {
    const project = ofKind('AppProject').find(({ metadata }) => metadata.name === 'voice-application');
    expect(project?.spec).toMatchObject({
      sourceRepos: [GIT],
      destinations: [{ namespace: 'services' }],
      clusterResourceWhitelist: [],
    });
    expect(JSON.stringify(project?.spec.namespaceResourceWhitelist)).not.toMatch(
      /Role|Secret"|NetworkPolicy/,
    );
    const side = ofKind('Application').filter(({ spec }) => spec.project === 'voice-application');
    expect(side.map(({ metadata }) => metadata.name)).toEqual(['voice-services']);
    expect(app('services')?.spec.ignoreDifferences[0]).toMatchObject({ managedFieldsManagers: ['delivery'] });
  });

  it('knows of a registry that holds charts that it is one', () => {
    const registries = ofKind('Secret').filter(({ file }) => file === 'apps/000-projects.yaml');
    expect(JSON.stringify(registries)).toContain('"url":"public.ecr.aws/karpenter","enableOCI":"true"');
    expect(app('karpenter-chart')?.spec.source.repoURL).toBe('public.ecr.aws/karpenter');
  });

  it('is given a chart rendered, or the tree is not made', () => {
    const { plan, artifacts } = made(`{ kind: argocd, repository: "${GIT}" }`);
    expect(() => gitopsTree(plan, artifacts, new Map())).toThrow(/pulsar/);
  });
});

describe('Flux', () => {
  const { ofKind, artifacts } = made(
    '{ kind: flux, repository: "oci://registry.example.com/voice", revision: prod }',
  );

  it('applies step after step, each when everything before it is healthy', () => {
    const steps = ofKind('Kustomization').filter(({ file }) => file.startsWith('steps/'));
    expect(steps.every(({ spec }) => spec.wait === true)).toBe(true);
    const names = steps.map(({ metadata }) => metadata.name);
    expect(steps.slice(1).map(({ spec }) => spec.dependsOn)).toEqual(
      names.slice(0, -1).map(name => [{ name }]),
    );
    expect(names.indexOf('voice-operators-charts')).toBeLessThan(names.indexOf('voice-operators'));
    expect(names.at(-1)).toBe('voice-application');
  });

  it('patches the chart by itself', () => {
    const release = ofKind('HelmRelease').find(({ metadata }) => metadata.name === 'pulsar');
    const patches = release?.spec.postRenderers[0].kustomize.patches as { patch: string }[];
    const planned = artifacts.releases.find(({ name }) => name === 'pulsar')?.patches ?? [];
    expect(patches.length).toBe(planned.length);
    expect(patches[0]?.patch).toContain(`name: ${planned[0]?.target.name}`);
    expect(release?.spec.install.disableHooks).toBe(true);
  });

  it('reads the artifact of a registry whole', () => {
    expect(ofKind('OCIRepository')[0]?.spec).toMatchObject({
      url: 'oci://registry.example.com/voice',
      ref: { tag: 'prod' },
    });
    expect(ofKind('GitRepository')).toEqual([]);
    expect(ofKind('Kustomization').find(({ file }) => file === 'root.yaml')?.spec.path).toBe('./steps');
  });
});

it('without GitOps nobody is handed anything', () => {
  const plan = makePlan(configOf(MINIMAL), { target: 'cluster' });
  const { manifests } = kubernetesArtifacts({ plan, outputs: placeholderOutputs(plan) });
  expect(manifests.map(({ component }) => component)).not.toContain('gitops');
});

describe('Flux with SOPS', () => {
  const AGE = `age1${'q'.repeat(58)}`;
  const flux = `{ kind: flux, repository: "${GIT}", path: deploy/prod }`;
  const of = (secrets: string) => made(flux, `secrets: ${secrets}\n`);
  const named = (tree: ReturnType<typeof of>, name: string) =>
    tree.ofKind('Kustomization').find(({ metadata }) => metadata?.name === `voice-${name}`);

  it('decrypts the files beside the tree before what needs them', () => {
    const tree = of(`{ kind: sops, age: ${AGE} }`);
    const decrypted = named(tree, 'decrypted');
    expect(decrypted?.spec).toMatchObject({
      path: './secrets/voice/cluster',
      prune: false,
      wait: true,
      decryption: { provider: 'sops', secretRef: { name: 'sops-age' } },
      dependsOn: [{ name: 'voice-trust' }],
    });
    const after = tree
      .ofKind('Kustomization')
      .filter(({ spec }) =>
        spec?.dependsOn?.some(({ name }: { name: string }) => name === 'voice-decrypted'),
      );
    expect(after.map(({ metadata }) => metadata.name)).toEqual(['voice-secrets']);
  });

  it('leaves the right to the key of KMS to the role of the controller', () => {
    const tree = of(
      '{ kind: sops, kmsKeyArn: "arn:aws:kms:eu-central-1:123456789012:key/a", folder: sealed }',
    );
    expect(named(tree, 'decrypted')?.spec).toMatchObject({
      path: './sealed/voice/cluster',
      decryption: { provider: 'sops' },
    });
    expect(named(tree, 'decrypted')?.spec.decryption).not.toHaveProperty('secretRef');
  });

  it('decrypts the folder where the repository has it, beside a config that is not at its root', () => {
    const tree = of(`{ kind: sops, age: ${AGE}, path: envs/voice/secrets }`);
    expect(named(tree, 'decrypted')?.spec).toMatchObject({ path: './envs/voice/secrets/voice/cluster' });
  });

  it('has no decryption, and every Secret from the store, where there is one', () => {
    const tree = of('{ kind: secretsManager }');
    expect(named(tree, 'decrypted')).toBeUndefined();
    expect(of(`{ kind: sops, age: ${AGE} }`).ofKind('ExternalSecret')).toEqual([]);
    expect(tree.ofKind('ExternalSecret').length).toBeGreaterThan(5);
  });
});
