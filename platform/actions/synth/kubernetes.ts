import { createHash } from 'node:crypto';
import { stringify } from 'yaml';
import type { ChartPatch, KubernetesArtifacts } from '../../../charts/index.js';
import {
  kubernetesArtifacts,
  manifestText,
  placeholderOutputs,
  postRenderer,
} from '../../../charts/index.js';
import type { ClusterPlan, Outputs } from '../../plan/index.js';

/** File under the folder of `platform synth` → its text. */
export type Files = Readonly<Record<string, string>>;

export interface SynthesizedKubernetes {
  readonly artifacts: KubernetesArtifacts;
  readonly files: Files;
}

/**
 * The Kubernetes side of one environment: manifests in the order in which they are applied, values of each release, and
 * the lock of everything that comes from elsewhere.
 *
 * @param outputs what AWS knows after a deployment. @default - placeholders
 */
export function synthKubernetes(
  plan: ClusterPlan,
  outputs: Outputs = placeholderOutputs(plan),
): SynthesizedKubernetes {
  const artifacts = kubernetesArtifacts({ plan, outputs });
  const manifests = artifacts.manifests.map(file => [`kubernetes/${file.name}.yaml`, manifestText(file)]);
  const releases = artifacts.releases.flatMap(({ name, values, patches = [] }) => [
    [`helm/${name}.values.yaml`, stringify(values, { lineWidth: 0 })],
    ...(patches.length > 0 ? postRendererFiles(name, patches) : []),
  ]);
  return {
    artifacts,
    files: Object.fromEntries([...manifests, ...releases, ['lock.yaml', lockText(artifacts)]]) as Files,
  };
}

/** A chart that needs more than values has a folder beside them, by which helm patches what it renders. */
function postRendererFiles(name: string, patches: readonly ChartPatch[]): [string, string][] {
  return Object.entries(postRenderer(name, patches)).map(([file, text]) => [`helm/${name}/${file}`, text]);
}

/** Charts and images, by name and version, with the digest where it is known. */
function lockText({ releases, manifests }: KubernetesArtifacts): string {
  const charts = releases.map(({ name, chart, version, appVersion, repository, digest, values }) => ({
    release: name,
    chart,
    version,
    appVersion,
    repository,
    ...(digest !== undefined && { digest }),
    values: `sha256:${createHash('sha256').update(JSON.stringify(values)).digest('hex')}`,
  }));
  const used = [
    ...releases.flatMap(({ images }) => images),
    ...manifests.flatMap(({ objects }) => imagesIn(objects)),
  ];
  const images = [...new Set(used)].sort();
  const lock = {
    charts,
    images: images.map(reference => {
      const [, digest] = reference.split('@');
      return { reference, ...(digest !== undefined && { digest }) };
    }),
  };
  return `# What comes from elsewhere. Charts without a digest are fixed by their version alone.\n${stringify(lock, { lineWidth: 0 })}`;
}

function imagesIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(imagesIn);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    key === 'image' && typeof inner === 'string' ? [inner] : imagesIn(inner),
  );
}
