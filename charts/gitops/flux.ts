import { type ClusterPlan, SOPS_APPLIED, sopsFolder } from '../../platform/plan/index.js';
import { kustomizePatches } from '../helm/kustomize.js';
import type { HelmRelease } from '../helm/release.js';
import { STAGES } from '../stages.js';
import { type Files, text } from './argocd.js';
import { FLUX_NAMESPACE, fluxSource, type Manifest } from './roots.js';
import { inSource, type Source } from './source.js';
import type { Step } from './steps.js';

/**
 * `steps/`: one Kustomization for each step, which waits until everything of the step before it is healthy;
 * `environment/` and `application/`: what each applies, manifests and HelmReleases.
 */
export function fluxTree(plan: ClusterPlan, source: Source, steps: readonly Step[]): Files {
  const folders = steps.map(step => `${step.side}/${step.name}`);
  const decrypted = plan.config.secrets.kind === 'sops' ? decryptedBefore(steps) : undefined;
  const kustomizations = steps.flatMap((step, index) => {
    const number = (tens: number) => String(index * 10 + tens).padStart(3, '0');
    const before = step === decrypted ? { name: DECRYPTED } : steps[index - 1];
    return [
      ...(step === decrypted
        ? [
            [
              `steps/${number(5)}-${DECRYPTED}.yaml`,
              text([decryption(plan, source, steps[index - 1])]),
            ] as const,
          ]
        : []),
      [`steps/${number(10)}-${step.name}.yaml`, text([kustomization(plan, source, step, before)])] as const,
    ];
  });
  const contents = steps.flatMap((step, index) => {
    const files = contentOf(step);
    const list = {
      apiVersion: 'kustomize.config.k8s.io/v1beta1',
      kind: 'Kustomization',
      resources: Object.keys(files),
    };
    const all = { ...files, 'kustomization.yaml': text([list]) };
    return Object.entries(all).map(([name, content]) => [`${folders[index]}/${name}`, content] as const);
  });
  return Object.fromEntries([...kustomizations, ...contents]);
}

function contentOf({ releases, manifests }: Step): Files {
  return Object.fromEntries([
    ...releases.map(release => [`${release.name}.yaml`, text(releaseObjects(release))]),
    ...manifests.map(({ component, objects }) => [`${component}.yaml`, text(objects)]),
  ]) as Files;
}

const DECRYPTED = 'decrypted';

/** What needs the Secrets: the first step of their stage, or of one after it. */
function decryptedBefore(steps: readonly Step[]): Step | undefined {
  const from = STAGES.indexOf('secrets');
  return steps.find(({ stage }) => STAGES.indexOf(stage) >= from);
}

/** The encrypted files beside the tree, which only Flux's own controller opens. */
function decryption(plan: ClusterPlan, source: Source, before: Pick<Step, 'name'> | undefined): Manifest {
  const { secrets } = plan.config;
  const byAge = secrets.kind === 'sops' && secrets.age !== undefined;
  return {
    apiVersion: 'kustomize.toolkit.fluxcd.io/v1',
    kind: 'Kustomization',
    metadata: { name: stepName(plan, { name: DECRYPTED }), namespace: FLUX_NAMESPACE },
    spec: {
      interval: '10m',
      retryInterval: '1m',
      timeout: '5m',
      // A file that is gone for a moment must not take a running platform along.
      prune: false,
      wait: true,
      sourceRef: fluxSource(plan.names.prefix, source),
      path: `./${sopsFolder(plan).inRepository}/${SOPS_APPLIED}`,
      // With KMS the controller has its right by its own role; the key of age is in a Secret that only you make.
      decryption: { provider: 'sops', ...(byAge && { secretRef: { name: 'sops-age' } }) },
      ...(before && { dependsOn: [{ name: stepName(plan, before) }] }),
    },
  };
}

const stepName = ({ names }: ClusterPlan, { name }: Pick<Step, 'name'>) => `${names.prefix}-${name}`;

function kustomization(
  plan: ClusterPlan,
  source: Source,
  step: Step,
  before: Pick<Step, 'name'> | undefined,
): Manifest {
  return {
    apiVersion: 'kustomize.toolkit.fluxcd.io/v1',
    kind: 'Kustomization',
    metadata: { name: stepName(plan, step), namespace: FLUX_NAMESPACE },
    spec: {
      interval: '10m',
      retryInterval: '1m',
      timeout: '30m',
      // What holds data is never deleted because a file is gone.
      prune: step.side === 'application',
      // Health of every object, HelmReleases among them: `healthChecks` would name a part of them.
      wait: true,
      sourceRef: fluxSource(plan.names.prefix, source),
      path: `./${inSource(source, `${step.side}/${step.name}`)}`,
      ...(before && { dependsOn: [{ name: stepName(plan, before) }] }),
    },
  };
}

function releaseObjects(release: HelmRelease): Manifest[] {
  const { name, namespace, chart, version, repository, values, patches = [] } = release;
  const metadata = { name, namespace: FLUX_NAMESPACE };
  const isOci = repository.startsWith('oci://');
  return [
    {
      apiVersion: 'source.toolkit.fluxcd.io/v1',
      kind: 'HelmRepository',
      metadata,
      spec: { interval: '24h', url: repository, ...(isOci && { type: 'oci' }) },
    },
    {
      apiVersion: 'helm.toolkit.fluxcd.io/v2',
      kind: 'HelmRelease',
      metadata,
      spec: {
        interval: '1h',
        timeout: '20m',
        releaseName: name,
        targetNamespace: namespace,
        storageNamespace: namespace,
        chart: {
          spec: { chart, version, interval: '24h', sourceRef: { kind: 'HelmRepository', name } },
        },
        // The platform needs no hook, and what a chart's own would do is done by values.
        install: { crds: 'CreateReplace', disableHooks: true, remediation: { retries: -1 } },
        upgrade: {
          crds: 'CreateReplace',
          disableHooks: true,
          remediation: { retries: -1, strategy: 'rollback' },
        },
        uninstall: { disableHooks: true, keepHistory: true },
        driftDetection: { mode: 'enabled' },
        values,
        ...(patches.length > 0 && {
          postRenderers: [{ kustomize: { patches: kustomizePatches(patches) } }],
        }),
      },
    },
  ];
}
