import { mkdtempSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { parse } from 'yaml';
import { silent } from '../../report.js';
import { synth } from './index.js';

const folder = mkdtempSync(path.join(tmpdir(), 'platform-synth-'));
afterAll(() => rm(folder, { recursive: true, force: true }));

async function findingsOf(text: string) {
  const config = path.join(folder, 'platform.yaml');
  await writeFile(config, `name: voice\nregion: eu-central-1\ndomain: voice.example.com\n${text}`);
  const { findings } = await synth({ config, out: path.join(folder, 'out'), validate: false }, silent);
  return findings.map(({ code, severity, where }) => [code, severity, where?.line]);
}

it('locks every image, and the charts whose digest is known, that of Pulsar by word of the config', async () => {
  const digest = `sha256:${'a'.repeat(64)}`;
  await findingsOf(`pulsar: { chartDigest: "${digest}", values: { images: { proxy: { tag: 4.0.13 } } } }\n`);
  const lock: unknown = parse(await readFile(path.join(folder, 'out', 'lock.yaml'), 'utf8'));
  const sha256 = expect.stringMatching(/^sha256:[0-9a-f]{64}$/);
  expect(lock).toMatchObject({
    charts: expect.arrayContaining([
      expect.objectContaining({ chart: 'pulsar', version: '4.7.0', digest }),
      expect.objectContaining({ chart: 'cert-manager', digest: sha256 }),
      expect.objectContaining({ chart: 'external-secrets', digest: sha256 }),
    ]),
    images: expect.arrayContaining([
      { reference: 'apachepulsar/pulsar-all:4.0.12' },
      { reference: 'apachepulsar/pulsar-all:4.0.13' },
      { reference: 'quay.io/jetstack/cert-manager-webhook:v1.21.1' },
    ]),
  });
});

it('finds nothing in what the defaults make', async () => {
  expect(await findingsOf('')).toEqual([]);
});

it('finds what values of the user break and open, at their lines', async () => {
  const found = await findingsOf(`pulsar:
  values:
    brokr: { replicaCount: 3 }
    broker:
      replicaCount: "3"
      configData:
        brokerServicePort: "6650"
`);
  expect(found).toEqual([
    ['ChartValueUnknown', 'error', 6],
    ['ChartValueType', 'error', 8],
    ['BrokerPlaintext', 'error', 10],
    ['HardeningUndone', 'error', 10],
  ]);
});

it('tells once what is only doubtful', async () => {
  const found = await findingsOf('pulsar: { metadata: { kind: oxia, plaintext: accepted } }\n');
  expect(found).toEqual([['OxiaPlaintext', 'warning', 4]]);
});
