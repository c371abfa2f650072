import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import pMap from 'p-map';
import pRetry from 'p-retry';
import { parseAllDocuments } from 'yaml';
import type { Kubernetes, Manifest } from '../../platform/edges/kubernetes.js';

interface Definition extends Manifest {
  readonly spec: {
    readonly group: string;
    readonly names: { readonly kind: string };
    readonly versions: readonly { readonly name: string; readonly served: boolean }[];
  };
}

/** The definitions of custom resources that `.ci/kubernetes` has put beside the API server. */
export async function customDefinitions(assets: string): Promise<readonly Definition[]> {
  const folder = path.join(assets, 'crds');
  if (!existsSync(folder)) return [];
  const texts = await Promise.all(
    (await readdir(folder)).sort().map(file => readFile(path.join(folder, file), 'utf8')),
  );
  return texts
    .flatMap(text => parseAllDocuments(text).map(document => document.toJS() as Manifest | null))
    .filter((object): object is Definition => object?.kind === 'CustomResourceDefinition');
}

/** `cert-manager.io/v1 Certificate` of every definition. */
export function kindsOf(definitions: readonly Definition[]): ReadonlySet<string> {
  return new Set(
    definitions.flatMap(({ spec: { group, names, versions } }) =>
      versions.filter(({ served }) => served).map(({ name }) => `${group}/${name} ${names.kind}`),
    ),
  );
}

/** Applies them, and waits until the API server serves them. */
export async function define(cluster: Kubernetes, definitions: readonly Definition[]): Promise<void> {
  await pMap(definitions, definition => cluster.apply(definition, { force: true }), { concurrency: 4 });
  for (const name of kindsOf(definitions)) {
    const [apiVersion = '', kind = ''] = name.split(' ');
    await pRetry(() => cluster.list(apiVersion, kind), { retries: 100, minTimeout: 200, factor: 1 });
  }
}
