import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ValidationContext } from 'cdk8s-cli/plugins';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { makeKubernetesApp, placeholderOutputs } from '../charts/index.js';
import { configOf } from '../platform/config/testing/configs.js';
import { makePlan } from '../platform/plan/index.js';
import { PlatformChecks } from './cdk8s-checks.js';

const example = await readFile('platform.yaml', 'utf8');
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'cdk8s-checks-'));
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true, force: true });
});

/** What `cdk8s synth` does: writes the manifests of prod, then asks the plugin. */
async function validated(config: string, change = (text: string) => text) {
  const file = path.join(folder, 'platform.yaml');
  await writeFile(file, config);
  vi.stubEnv('PLATFORM_CONFIG', file);
  vi.stubEnv('PLATFORM_ENV', 'prod');
  const outdir = await mkdtemp(path.join(folder, 'manifests-'));
  const plan = makePlan(configOf(config, 'prod'), { target: 'cluster' });
  makeKubernetesApp({ plan, outputs: placeholderOutputs(plan) }, { outdir }).synth();
  const manifests = (await readdir(outdir)).sort().map(name => path.join(outdir, name));
  for (const manifest of manifests) await writeFile(manifest, change(await readFile(manifest, 'utf8')));
  const context = new ValidationContext(manifests, 'checks', '0.1.0');
  await new PlatformChecks().validate(context);
  return context.report.toJson();
}

it('finds nothing in what the kit itself writes', async () => {
  const { summary, violations } = await validated(example);
  expect(violations).toEqual([]);
  expect(summary.status).toBe('success');
  expect(Number(summary.metadata?.['Rules']?.split(' ')[0])).toBeGreaterThan(100);
});

it('finds what somebody opens in a written manifest, with the file and the line', async () => {
  const { summary, violations } = await validated(example, text =>
    text.replace('allowPrivilegeEscalation: false', 'allowPrivilegeEscalation: true'),
  );
  expect(summary.status).toBe('failure');
  expect(violations.map(({ ruleName }) => ruleName)).toEqual(['PodSecurityViolated']);
  expect(violations[0]?.violatingConstructs[0]?.manifestPath).toMatch(/\.yaml:\d+$/);
  expect(violations[0]?.fix).toContain('npx platform explain PodSecurityViolated');
});

it('finds what a value of the config opens, at its place there', async () => {
  const { violations } = await validated(
    example.replace(
      '    pulsar:\n      tiered',
      '    pulsar:\n      values: { tls: { bookie: { enabled: false } } }\n      tiered',
    ),
  );
  const undone = violations.find(({ ruleName }) => ruleName === 'HardeningUndone');
  expect(undone?.violatingConstructs[0]?.manifestPath).toMatch(/platform\.yaml:\d+$/);
});
