import { createHash } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { helm } from './helm.js';

const charts = mkdtempSync(path.join(tmpdir(), 'helm-charts-'));
afterAll(() => rm(charts, { recursive: true, force: true }));

const packed = 'what was packed';
const digest = createHash('sha256').update(packed).digest('hex');
const options = {
  release: 'pulsar',
  namespace: 'pulsar',
  values: {},
  kubernetesVersion: '1.35',
  signal: new AbortController().signal,
};

/** Without a helm: whoever gets so far that one is missed was let through. */
async function render(pinned: string) {
  await writeFile(path.join(charts, 'pulsar-4.7.0.tgz'), packed);
  const chart = {
    name: 'pulsar',
    version: '4.7.0',
    repository: 'https://charts.example.com',
    digest: pinned,
  };
  return helm({ program: path.join(charts, 'no-helm'), charts }).render(chart, options);
}

it('renders no chart but the one that is pinned', async () => {
  await expect(render(`sha256:${'0'.repeat(64)}`)).rejects.toMatchObject({
    code: 'ChartDigestMismatch',
    refused: true,
  });
  await expect(render(`sha256:${digest}`)).rejects.toMatchObject({ code: 'HelmMissing' });
});
