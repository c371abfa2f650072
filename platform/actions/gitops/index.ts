import {
  gitopsTree,
  type KubernetesArtifacts,
  type KubernetesObject,
  kubernetesArtifacts,
  placeholderOutputs,
  releasesToRender,
} from '../../../charts/index.js';
import { type Config, repositoryUrl } from '../../config/index.js';
import { replaceOwn } from '../../edges/own-folder.js';
import { type Finding, finding, PlatformError } from '../../errors.js';
import { type ClusterPlan, makePlan, type Outputs, PULSAR_RELEASE } from '../../plan/index.js';
import type { Report } from '../../report.js';
import { passCheck } from '../check/gate.js';
import { renderRelease, withInstallation } from '../cluster/artifacts.js';
import { readOutputs } from '../cluster/outputs.js';
import { readConfig } from '../load.js';
import { imageLayout } from './oci.js';
import { sopsPathFindings } from './sops-path.js';

export interface GitopsOptions {
  readonly config: string;
  readonly env?: string;
  /** Folder that is written; what it held of an earlier tree is replaced. */
  readonly out: string;
  /** @default - the one of the config */
  readonly kind?: 'argocd' | 'flux';
  /** @default - the one of the config */
  readonly repository?: string;
  /** File with the outputs of the AWS stacks. @default - placeholders, with a warning */
  readonly outputs?: string;
  /** Whether Pulsar is not there yet: with the jobs that make its metadata. @default false */
  readonly first?: boolean;
  /** Folder for the same tree as an OCI image layout. @default - none is written */
  readonly oci?: string;
  readonly helm: string;
  /** @default - the cache of the user */
  readonly charts?: string;
  readonly signal: AbortSignal;
}

export interface GitopsResult {
  readonly kind: 'argocd' | 'flux';
  /** Paths under the folder, sorted. */
  readonly files: readonly string[];
  /** Digest of the manifest of the OCI artifact. */
  readonly digest?: string;
  readonly findings: readonly Finding[];
}

/** What an earlier tree of either kind may have left. */
const LAYOUT = ['oci-layout', 'index.json', 'blobs'];
const OWN = ['root.yaml', 'apps', 'steps', 'environment', 'application'];

/** Writes the Kubernetes side as a tree that Argo CD or Flux applies: the same artifacts, the same bytes each time. */
export async function gitops(options: GitopsOptions, report: Report): Promise<GitopsResult> {
  const { config, warnings, read } = await readConfig(options.config, options.env);
  await passCheck(read, options.env, report);
  const chosen = withChoice(config, options);
  const plan = makePlan(chosen, { target: 'cluster' });
  const { kind } = plan.config.gitops;
  if (kind === 'none') throw new RangeError('the choice of GitOps is lost');
  const outputs = await outputsFor(plan, options);
  const artifacts = artifactsFor(plan, outputs, options.first ?? false);
  const tree = gitopsTree(plan, artifacts, await rendered(plan, artifacts, options, report));
  await replaceOwn(options.out, { command: 'gitops', names: OWN, files: tree, signal: options.signal });
  report.generate('gitops', `${kind}: ${Object.keys(tree).length} files in ${options.out}`);
  const digest = options.oci === undefined ? undefined : await writeLayout(plan, tree, kind, options.oci);
  if (digest !== undefined) report.generate('gitops', `OCI layout in ${options.oci}, ${digest}`);
  return {
    kind,
    files: Object.keys(tree).sort(),
    ...(digest !== undefined && { digest }),
    findings: [
      ...warnings,
      ...sopsPathFindings(plan.config, options.config),
      ...(options.outputs === undefined ? [unknownOutputs()] : []),
    ],
  };
}

/** The word of the command goes before that of the config. */
function withChoice(config: Config, { kind = kindIn(config), repository }: GitopsOptions): Config {
  const written = config.gitops.kind === 'none' ? undefined : config.gitops;
  const from = repository ?? written?.repository;
  if (kind === undefined || from === undefined) {
    throw new PlatformError(
      'GitopsUnchosen',
      'nothing says who applies, or where the tree will be read from',
      {
        where: 'gitops',
        saw: config.gitops.kind,
        refused: true,
      },
    );
  }
  const { error } = repositoryUrl.safeParse(from);
  if (error !== undefined) {
    throw new PlatformError('ConfigInvalid', error.issues[0]?.message ?? 'no repository', {
      where: repository === undefined ? 'gitops.repository' : '--repository',
      saw: from,
      want: 'https://git.example.com/platform.git, or oci://registry.example.com/voice',
      refused: true,
    });
  }
  const { path: folder, revision } = written ?? { path: 'deploy', revision: 'main' };
  return { ...config, gitops: { kind, repository: from, path: folder, revision } };
}

function kindIn({ gitops: { kind } }: Config) {
  return kind === 'none' ? undefined : kind;
}

async function outputsFor(plan: ClusterPlan, { outputs }: GitopsOptions): Promise<Outputs> {
  if (outputs === undefined) return placeholderOutputs(plan);
  const read = await readOutputs(outputs);
  if (read.trustedRoots !== '') return read;
  // Argo CD or Flux would write the placeholder over the roots that are trusted now.
  throw new PlatformError('OutputsInvalid', 'the outputs do not say which roots are trusted', {
    where: outputs,
    saw: 'no trustedRoots',
    want: 'trustedRoots: PEM',
    refused: true,
  });
}

function unknownOutputs(): Finding {
  return finding('OutputsUnknown', 'the tree holds placeholders for what only a deployment knows', {
    severity: 'warning',
    where: { path: 'outputs' },
  });
}

function artifactsFor(plan: ClusterPlan, outputs: Outputs, first: boolean): KubernetesArtifacts {
  const artifacts = kubernetesArtifacts({ plan, outputs });
  if (!first) return artifacts;
  const releases = artifacts.releases.map(release =>
    release.name === PULSAR_RELEASE ? withInstallation(release) : release,
  );
  return { ...artifacts, releases };
}

async function rendered(
  plan: ClusterPlan,
  artifacts: KubernetesArtifacts,
  options: GitopsOptions,
  report: Report,
): Promise<Map<string, readonly KubernetesObject[]>> {
  const objects = new Map<string, readonly KubernetesObject[]>();
  for (const release of releasesToRender(plan, artifacts)) {
    report.action('helm', `renders ${release.chart} ${release.version}`);
    objects.set(release.name, (await renderRelease(plan, release, options)) as unknown as KubernetesObject[]);
  }
  return objects;
}

async function writeLayout(
  { names, environment }: ClusterPlan,
  tree: Readonly<Record<string, string>>,
  kind: 'argocd' | 'flux',
  folder: string,
): Promise<string> {
  const layout = await imageLayout(tree, { kind, tag: environment ?? 'latest', title: names.prefix });
  await replaceOwn(folder, { command: 'gitops', names: LAYOUT, files: layout });
  const index = JSON.parse(String(layout['index.json'])) as { manifests: [{ digest: string }] };
  return index.manifests[0].digest;
}
