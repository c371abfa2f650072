import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseAllDocuments, stringify } from 'yaml';
import { configOf, MINIMAL } from '../../platform/config/testing/configs.js';
import { makePlan } from '../../platform/plan/index.js';
import { applyPatches, chartPatches } from '../pulsar/index.js';
import { kubernetesTools } from '../testing/tools.js';
import { postRenderer } from './kustomize.js';

/** What helm 4 calls with a plugin, and helm 3 by its path: the same folder, the same patches as everywhere else. */
describe('the post-renderer of a release', () => {
  const patches = chartPatches(makePlan(configOf(MINIMAL), { target: 'cluster' }));
  const folder = mkdtempSync(path.join(tmpdir(), 'post-render-'));
  const renderer = path.join(folder, 'pulsar');
  const environment = () => ({
    HELM_CACHE_HOME: path.join(folder, 'cache'),
    HELM_CONFIG_HOME: path.join(folder, 'config'),
    HELM_DATA_HOME: path.join(folder, 'data'),
  });
  const write = (file: string, text: string) => {
    mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
    writeFileSync(path.join(folder, file), text);
  };
  const objects = patches.map(({ target }) => ({
    apiVersion: target.apiVersion,
    kind: target.kind,
    metadata: { name: target.name, namespace: target.namespace, labels: { app: 'pulsar' } },
    ...(target.kind === 'Certificate' && { spec: { secretName: target.name, dnsNames: ['a', 'b'] } }),
  }));
  let program: { readonly helm: string; readonly PATH: string };

  beforeAll(async () => {
    const { helm, kubectl } = await kubernetesTools();
    program = { helm, PATH: `${path.dirname(kubectl)}:${process.env['PATH']}` };
    for (const [file, text] of Object.entries(postRenderer('pulsar', patches))) write(`pulsar/${file}`, text);
    chmodSync(path.join(renderer, 'post-render.sh'), 0o755);
    write('chart/Chart.yaml', stringify({ apiVersion: 'v2', name: 'pulsar', version: '1.0.0' }));
    write('chart/templates/all.yaml', objects.map(object => stringify(object)).join('---\n'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const sorted = (all: readonly unknown[]) => all.map(object => JSON.stringify(canonical(object))).sort();

  it('patches what helm renders exactly as `platform apply` does', async () => {
    const env = { ...environment(), PATH: program.PATH };
    await execa(program.helm, ['plugin', 'install', renderer], { env });
    const { stdout } = await execa(
      program.helm,
      ['template', 'pulsar', path.join(folder, 'chart'), '--post-renderer', 'pulsar-patches'],
      { env },
    );
    const patched = parseAllDocuments(stdout).map(document => document.toJS() as unknown);
    expect(patches.length).toBeGreaterThan(5);
    expect(sorted(patched)).toEqual(sorted(applyPatches(objects, patches)));
  });

  it('does the same as a script that reads and writes, which is what helm 3 calls', async () => {
    const { stdout } = await execa(path.join(renderer, 'post-render.sh'), {
      input: objects.map(object => stringify(object)).join('---\n'),
      env: { PATH: program.PATH },
    });
    const patched = parseAllDocuments(stdout).map(document => document.toJS() as unknown);
    expect(sorted(patched)).toEqual(sorted(applyPatches(objects, patches)));
  });

  it('fails when the object of a patch is not there, instead of leaving a hole', async () => {
    const { failed, stderr } = await execa(path.join(renderer, 'post-render.sh'), {
      input: stringify(objects[0]),
      env: { PATH: program.PATH },
      reject: false,
    });
    expect(failed).toBe(true);
    expect(stderr).toContain('no resource matches strategic merge patch');
  });
});

function canonical(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(canonical);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, canonical(inner)]),
  );
}
