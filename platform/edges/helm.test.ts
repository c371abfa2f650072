import { createHash } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { helm } from './helm.js';

const charts = mkdtempSync(path.join(tmpdir(), 'helm-charts-'));
afterAll(() => rm(charts, { recursive: true, force: true }));

const packed = 'what was packed';
const digest = createHash('sha256').update(packed).digest('hex');
const OTHER = `sha256:${'0'.repeat(64)}`;
const options = {
  release: 'pulsar',
  namespace: 'pulsar',
  values: {},
  kubernetesVersion: '1.35',
  signal: new AbortController().signal,
};

/** Without a helm: whoever gets so far that one is missed was let through. */
async function render(digested: string, pinned: boolean) {
  await writeFile(path.join(charts, 'pulsar-4.7.0.tgz'), packed);
  const chart = {
    name: 'pulsar',
    version: '4.7.0',
    repository: 'https://charts.example.com',
    digest: digested,
    pinned,
  };
  return helm({ program: path.join(charts, 'no-helm'), charts }).render(chart, options);
}

it('renders no chart but the one that is pinned', async () => {
  await expect(render(OTHER, true)).rejects.toMatchObject({ code: 'ChartDigestMismatch', refused: true });
  await expect(render(`sha256:${digest}`, true)).rejects.toMatchObject({ code: 'HelmMissing' });
});

it('takes a chart that somebody has packed for himself, when none is pinned', async () => {
  await expect(render(OTHER, false)).rejects.toMatchObject({ code: 'HelmMissing' });
});

it('keeps nothing that was fetched and is another chart than the published one', async () => {
  const program = path.join(charts, 'helm');
  await writeFile(program, '#!/bin/sh\nfor last; do :; done\necho other > "$last/pulsar-4.7.0.tgz"\n', {
    mode: 0o755,
  });
  await rm(path.join(charts, 'pulsar-4.7.0.tgz'), { force: true });
  const chart = { name: 'pulsar', version: '4.7.0', repository: 'https://charts.example.com', digest: OTHER };
  await expect(helm({ program, charts }).render(chart, options)).rejects.toMatchObject({
    code: 'ChartDigestMismatch',
  });
  expect(await readdir(charts)).toEqual(['helm']);
});
