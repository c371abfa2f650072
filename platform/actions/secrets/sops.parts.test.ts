import { mkdtempSync } from 'node:fs';
import { readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { kubernetesAssets, startApiServer, withoutApiServer } from '../../../charts/testing/api-server.js';
import { configOf, MINIMAL } from '../../config/testing/configs.js';
import { kubernetes, type Manifest } from '../../edges/kubernetes.js';
import type { SopsFiles } from '../../edges/sops-store.js';
import { type ClusterPlan, makePlan } from '../../plan/index.js';
import { silent } from '../../report.js';
import { expectValues, makeSecrets, secretStates } from './index.js';
import { withSecretStore } from './run.js';
import { sopsSecrets, sopsStore } from './sops.js';
import { type AgeKey, useNewAgeKey, withoutSops } from './testing/sops.js';

const root = mkdtempSync(path.join(tmpdir(), 'platform-sops-'));
afterAll(() => rm(root, { recursive: true, force: true }));

const planFor = (age: string): ClusterPlan =>
  makePlan(configOf(`${MINIMAL}pulsar: { tokenKeys: two }\nsecrets: { kind: sops, age: ${age} }\n`), {
    target: 'cluster',
  });

async function filesIn(folder: string): Promise<[string, string][]> {
  const all = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = all.filter(entry => entry.isFile()).map(entry => path.join(entry.parentPath, entry.name));
  return Promise.all(
    files
      .sort()
      .map(async file => [path.relative(folder, file), await readFile(file, 'utf8')] as [string, string]),
  );
}

describe.skipIf(withoutSops !== '')(`secrets in SOPS files${withoutSops}`, () => {
  let age: AgeKey;
  let plan: ClusterPlan;
  let store: SopsFiles;
  const secretFiles = () => filesIn(path.join(root, 'secrets/voice'));

  beforeAll(async () => {
    age = await useNewAgeKey(root);
    plan = planFor(age.recipient);
    store = sopsStore(plan, root);
  });
  afterAll(() => age?.forget());

  it('are made, but for those that only you can give, with the command for each', async () => {
    const { made, missing: left } = await makeSecrets(plan, store, silent);
    expect(made).toHaveLength(plan.secrets.filter(({ from }) => from === 'kit').length);
    expect(left.map(({ id }) => id)).toEqual(['transcription-api-key']);
    expect(() => expectValues(left, store)).toThrow(
      expect.objectContaining({
        code: 'SecretValueMissing',
        fix: `sops edit ${path.join(root, 'secrets/voice/cluster/services.transcription-api-key.yaml')}`,
      }),
    );
    const states = await secretStates(plan, store);
    expect(states.filter(({ hasValue }) => !hasValue).map(({ id }) => id)).toEqual(['transcription-api-key']);
  });

  it('stand in no file in plain, and names and keys do', async () => {
    const values = await Promise.all(plan.secrets.map(({ storeName }) => store.read(storeName)));
    const plain = values.flatMap(value => (value === undefined ? [] : [value]));
    expect(plain.length).toBeGreaterThan(8);
    const files = await secretFiles();
    for (const [name, text] of files) {
      for (const value of plain) expect(text.includes(value), name).toBe(false);
      expect(text, name).not.toMatch(/PRIVATE KEY-----|eyJhbGci/);
    }
    const token = parse(Object.fromEntries(files)['cluster/services.web-token.yaml'] ?? '') as Manifest;
    expect(token).toMatchObject({ kind: 'Secret', metadata: { name: 'web-token', namespace: 'services' } });
    expect(token).toMatchObject({ stringData: { token: expect.stringMatching(/^ENC\[AES256_GCM,/) } });
  });

  it('are Secrets of the cluster when decrypted, but for what no pod sees', async () => {
    const secrets = await sopsSecrets(plan, store);
    const wanted = new Set(
      plan.secrets.flatMap(({ target }) => (target ? [`${target.namespace}/${target.name}`] : [])),
    );
    const of = ({ metadata }: Manifest) => `${metadata?.namespace}/${metadata?.name}`;
    expect(new Set(secrets.map(of))).toEqual(wanted);
    expect(secrets).toHaveLength(wanted.size);
    expect(JSON.stringify(secrets)).not.toContain('PRIVATE KEY');
    for (const secret of secrets) expect(secret).not.toHaveProperty('sops');
    const key = secrets.find(({ metadata }) => metadata?.name === 'pulsar-token-asymmetric-key');
    const { PUBLICKEY: base64 = '' } = (key as unknown as { data: Record<string, string> }).data;
    expect(Buffer.from(base64, 'base64').subarray(0, 2).toString('hex')).toBe('3082');
  });

  it.skipIf(kubernetesAssets === undefined)(
    `are what a real API server takes, with the values${withoutApiServer}`,
    async () => {
      const server = await startApiServer(kubernetesAssets ?? '');
      try {
        const cluster = kubernetes(server);
        for (const namespace of new Set(plan.secrets.flatMap(({ target }) => target?.namespace ?? []))) {
          await cluster.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
        }
        for (const secret of await sopsSecrets(plan, store)) {
          const taken = (await cluster.apply(secret, { force: true })) as { data?: Record<string, string> };
          expect(Object.keys(taken.data ?? {}), secret.metadata?.name).toHaveLength(1);
          if (secret.metadata?.name !== 'web-token') continue;
          const token = Buffer.from(taken.data?.['token'] ?? '', 'base64').toString();
          expect(token).toBe(await store.read('voice/tokens/web'));
        }
      } finally {
        await server.stop();
      }
    },
  );

  it('stay as they are when made again, byte for byte', async () => {
    const before = await secretFiles();
    expect((await makeSecrets(plan, store, silent)).made).toEqual([]);
    expect(await secretFiles()).toEqual(before);
  });

  it('have what somebody wrote by sops itself', async () => {
    const file = path.join(root, 'secrets/voice/cluster/services.transcription-api-key.yaml');
    const place = '["stringData"]["key"]';
    await execa('sops', ['set', '--value-stdin', file, place], { input: '"given"' });
    expect((await makeSecrets(plan, store, silent)).missing).toEqual([]);
    expect(await store.read('voice/transcription-api-key')).toBe('given');
  });

  it('cannot be opened by another key, which is said', async () => {
    await useNewAgeKey(root);
    await expect(secretStates(plan, store)).rejects.toMatchObject({ code: 'SopsRefused' });
  });
});

it('says that sops is not there', async () => {
  const PATH = process.env['PATH'];
  process.env['PATH'] = root;
  try {
    const plan = planFor(`age1${'q'.repeat(58)}`);
    const config = path.join(root, 'none/platform.yaml');
    await expect(
      withSecretStore(plan, store => makeSecrets(plan, store, silent), config),
    ).rejects.toMatchObject({ code: 'SopsMissing', refused: false });
    expect((await filesIn(path.join(root, 'none'))).map(([name]) => path.basename(name))).toEqual([
      '.sops.yaml',
    ]);
  } finally {
    process.env['PATH'] = PATH;
  }
});
