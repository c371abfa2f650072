import { existsSync } from 'node:fs';
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import { parse, parseAllDocuments, parseDocument } from 'yaml';
import type { HelmRelease } from '../helm/release.js';
import { isMapping, mergeValues, type Shape, type ValuePath } from '../helm/shape.js';
import type { KubernetesObject } from '../index.js';
import { kubernetesTools } from './tools.js';

/** Folder with unpacked charts of others, by the name of the chart, when one was given. */
export const chartsFolder = process.env['PLATFORM_CHARTS'];

export function hasChart(chart: string): boolean {
  return chartsFolder !== undefined && existsSync(path.join(chartsFolder, chart, 'Chart.yaml'));
}

/** Suffix of the name of a test that needs a chart and is skipped without it. */
export const withoutCharts = (chart: string) =>
  hasChart(chart) ? '' : ` (skipped: PLATFORM_CHARTS has no ${chart})`;

/** A release as the real helm renders it, with CRDs; hooks too, so that a test can say that there are none. */
export async function renderRelease(release: HelmRelease, kubernetes: string): Promise<KubernetesObject[]> {
  const { helm } = await kubernetesTools();
  const folder = await mkdtemp(path.join(tmpdir(), 'third-party-'));
  try {
    const chart = await prepared(release.chart, folder);
    const file = path.join(folder, 'values.json');
    await writeFile(file, JSON.stringify(release.values));
    const { stdout } = await execa(
      helm,
      [
        ...['template', release.name, chart, '--namespace', release.namespace, '--values', file],
        ...['--include-crds', '--kube-version', kubernetes, '--skip-schema-validation'],
      ],
      { maxBuffer: 256 * 1024 * 1024 },
    );
    return parseAllDocuments(stdout, { uniqueKeys: true }).flatMap(document => {
      if (document.errors[0] !== undefined) throw document.errors[0];
      const value = document.toJS() as KubernetesObject | null;
      return value === null ? [] : [value];
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** A folder from Git lacks the charts that it depends on; those that are switched off are not missed. */
async function prepared(chart: string, folder: string): Promise<string> {
  const copy = path.join(folder, chart);
  await cp(path.join(chartsFolder ?? '', chart), copy, { recursive: true });
  const there = existsSync(path.join(copy, 'charts')) ? await readdir(path.join(copy, 'charts')) : [];
  const file = path.join(copy, 'Chart.yaml');
  const document = parseDocument(await readFile(file, 'utf8'));
  const { dependencies = [] } = document.toJS() as { dependencies?: readonly { readonly name: string }[] };
  document.set(
    'dependencies',
    dependencies.filter(({ name }) => there.includes(name)),
  );
  await writeFile(file, document.toString());
  return copy;
}

/** Mappings whose keys are the user's, or that the chart hands on to Kubernetes as they are. */
const FREE =
  /(^|\.)(env|resources|nodeSelector|tolerations|labels|annotations|externalLabels|tlsConfig|grafana\.ini|datasources|dashboardProviders|dashboardsConfigMaps|podDisruptionBudget|config|web|storageSpec|extraVolumes|extraVolumeMounts|volumes|volumeMounts|securityContext|containerSecurityContext|podSecurityContext|httpGet)(\.|$)/;

/** Paths of the values that the chart's own file of values does not know. */
export async function unknownKeys({ chart, values }: HelmRelease): Promise<string[]> {
  return unknownIn(await defaultsOf(path.join(chartsFolder ?? '', chart)), values, []);
}

/** A chart's values, with those of the charts within it under their names. */
async function defaultsOf(folder: string): Promise<Record<string, unknown>> {
  const file = path.join(folder, 'values.yaml');
  const own = (existsSync(file) ? parse(await readFile(file, 'utf8')) : {}) as Record<string, unknown>;
  const within = path.join(folder, 'charts');
  for (const name of existsSync(within) ? await readdir(within) : []) {
    const inner = await defaultsOf(path.join(within, name));
    own[name] = mergeValues(inner, own[name] ?? {});
  }
  return own;
}

function unknownIn(known: unknown, values: unknown, at: readonly string[]): string[] {
  if (!isMapping(values) || (at.length > 0 && FREE.test(at.join('.')))) return [];
  const defaults = isMapping(known) ? known : {};
  return Object.entries(values).flatMap(([key, value]) =>
    key in defaults ? unknownIn(defaults[key], value, [...at, key]) : [[...at, key].join('.')],
  );
}

/** Paths of a shape that the chart's own values do not have. A mapping that is empty there may hold anything. */
export async function unknownPaths(chart: string, shape: Shape): Promise<string[]> {
  return missingIn(shape, await defaultsOf(path.join(chartsFolder ?? '', chart)), []);
}

function missingIn(shape: Shape, values: unknown, above: ValuePath): string[] {
  return Object.entries(shape).flatMap(([key, inner]) => {
    const here = [...above, key];
    if (!isMapping(values) || !Object.hasOwn(values, key)) {
      return isMapping(values) && Object.keys(values).length === 0 && above.length > 0
        ? []
        : [here.join('.')];
    }
    return typeof inner === 'object' ? missingIn(inner, values[key], here) : [];
  });
}

/** Images of pods and of Prometheus, and what its operator is told to put beside it; sorted. */
export function imagesIn(objects: readonly KubernetesObject[]): string[] {
  const images = objects
    .filter(({ kind }) => kind !== 'CustomResourceDefinition')
    .flatMap(it => JSON.stringify(it).match(/(?<="image":"|--prometheus-config-reloader=)[^"]+/g) ?? []);
  return [...new Set(images)].sort();
}
