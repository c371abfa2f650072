import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import { parse } from 'yaml';
import { manifestsIn } from '../../platform/edges/helm.js';
import type { Manifest } from '../../platform/edges/kubernetes.js';
import type { ClusterPlan } from '../../platform/plan/index.js';
import type { HelmRelease } from '../helm/release.js';
import { isMapping, type Shape, type ValuePath } from '../helm/shape.js';
import { kubernetesTools } from './tools.js';

/** Folders of charts that were given: each by a variable, `NGINX_INGRESS_CHART=folder`. */
export function givenChart(name: string): { readonly folder: string | undefined; readonly without: string } {
  const variable = `${name.toUpperCase().replaceAll('-', '_')}_CHART`;
  const folder = process.env[variable];
  return { folder, without: folder === undefined ? ` (skipped: ${variable} names no chart)` : '' };
}

/** The objects of a release, rendered by the real helm as `platform apply` has them. */
export async function renderRelease(
  folder: string,
  { name, namespace, values }: HelmRelease,
  { config }: ClusterPlan,
): Promise<Manifest[]> {
  const { helm } = await kubernetesTools();
  const work = await mkdtemp(path.join(tmpdir(), 'release-'));
  try {
    const file = path.join(work, 'values.json');
    await writeFile(file, JSON.stringify(values));
    const { stdout } = await execa(helm, [
      ...['template', name, folder, '--namespace', namespace, '--values', file],
      ...['--include-crds', '--no-hooks', '--skip-schema-validation'],
      ...['--kube-version', config.cluster.kubernetesVersion],
    ]);
    return manifestsIn(stdout);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** The chart's own values, with which every key that the kit sets is compared. */
export async function defaultValues(folder: string): Promise<unknown> {
  return parse(await readFile(path.join(folder, 'values.yaml'), 'utf8'));
}

/** Paths of a shape that a chart's values do not have. A mapping that is empty there may hold anything. */
export function unknownPaths(shape: Shape, values: unknown, above: ValuePath = []): string[] {
  return Object.entries(shape).flatMap(([key, inner]) => {
    const here = [...above, key];
    if (!isMapping(values) || !Object.hasOwn(values, key)) {
      return isMapping(values) && Object.keys(values).length === 0 && above.length > 0
        ? []
        : [here.join('.')];
    }
    return typeof inner === 'object' ? unknownPaths(inner, values[key], here) : [];
  });
}
