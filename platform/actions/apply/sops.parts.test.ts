import { mkdtempSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type ApiServer,
  kubernetesAssets,
  startApiServer,
  withoutApiServer,
} from '../../../charts/testing/api-server.js';
import { customDefinitions, define } from '../../../charts/testing/custom-definitions.js';
import { packPulsarChart } from '../../../charts/testing/pulsar-chart.js';
import { kubernetesTools, pulsarChart, withoutChart } from '../../../charts/testing/tools.js';
import { differencesText } from '../../cli/differences-text.js';
import { IN_CLUSTER } from '../../config/testing/configs.js';
import { type Kubernetes, kubernetes, type Manifest, type ObjectRef } from '../../edges/kubernetes.js';
import { openStateFolder, type StateFolder } from '../../local/index.js';
import { silent } from '../../report.js';
import { inventoryOf, refOf } from '../cluster/inventory.js';
import { applyStages } from '../cluster/stages.js';
import { type CertManagerStand, playCertManager } from '../cluster/testing/cert-manager.js';
import { playControllers, type Stand } from '../cluster/testing/controllers.js';
import { playExternalSecrets } from '../cluster/testing/external-secrets.js';
import { destroy } from '../destroy/index.js';
import { differences as differencesOf, differs } from '../diff/index.js';
import { type AgeKey, useNewAgeKey, withoutSops } from '../secrets/testing/sops.js';
import { apply } from './index.js';

const NEEDED = [
  ...['Certificate.cert-manager.io', 'ClusterIssuer.cert-manager.io'],
  ...['ExternalSecret.external-secrets.io', 'ClusterSecretStore.external-secrets.io'],
];

/** The real apply, sops, helm and API server. Stand-ins: controllers and kubelets, cert-manager, external-secrets. */
describe.skipIf(kubernetesAssets === undefined || withoutSops !== '')(
  `apply with secrets in SOPS files${withoutApiServer || withoutSops}`,
  { timeout: 300_000 },
  () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'apply-sops-'));
    const { signal } = new AbortController();
    let server: ApiServer;
    let cluster: Kubernetes;
    let stands: { stop(): Promise<void> }[] = [];
    let controllers: Stand;
    let certManager: CertManagerStand;
    let helm: string;
    let age: AgeKey;
    let state: StateFolder;

    beforeAll(async () => {
      server = await startApiServer(kubernetesAssets ?? '');
      cluster = kubernetes(server);
      const definitions = await customDefinitions(kubernetesAssets ?? '');
      await define(
        cluster,
        definitions.filter(({ spec: { group, names } }) => NEEDED.includes(`${names.kind}.${group}`)),
      );
      helm = (await kubernetesTools()).helm;
      state = await openStateFolder(path.join(folder, 'state'));
      age = await useNewAgeKey(folder);
      await writeFile(path.join(folder, 'outputs.json'), '{"account":"123456789012","trustedRoots":""}');
      controllers = playControllers(server.kubeconfig, 'pulsar');
      certManager = playCertManager(server.kubeconfig);
      stands = [controllers, certManager, playExternalSecrets(server.kubeconfig)];
    }, 300_000);
    afterAll(async () => {
      age?.forget();
      for (const stand of stands) await stand.stop();
      await server?.stop();
      await rm(folder, { recursive: true, force: true });
    });

    const options = (stages: readonly string[]) => ({
      ...{ target: 'cluster' as const, config: path.join(folder, 'platform.yaml'), stages, signal, helm },
      ...{ folder: state, environment: process.env },
      ...{ kubeconfig: server.kubeconfig, context: server.context },
      ...{ charts: path.join(folder, 'charts'), outputs: path.join(folder, 'outputs.json') },
    });
    const applied = (...stages: string[]) =>
      apply(
        {
          ...options(stages),
          ...{ dryRun: false, force: false, verify: false, ignoreGates: false, timeoutMs: 60_000 },
        },
        silent,
      );
    const configure = (secrets: string) =>
      writeFile(path.join(folder, 'platform.yaml'), `${IN_CLUSTER}secrets: ${secrets}\n`);
    const token = {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { namespace: 'services', name: 'web-token' },
    };
    const textOf = async (ref: ObjectRef, key: string) => {
      const data = (await cluster.read(ref))?.['data'] as Readonly<Record<string, string>> | undefined;
      return Buffer.from(data?.[key] ?? '', 'base64').toString();
    };
    const giveKey = () =>
      execa(
        'sops',
        [
          ...['set', '--value-stdin'],
          path.join(folder, 'secrets/voice/cluster/services.transcription-api-key.yaml'),
          '["stringData"]["key"]',
        ],
        { input: '"given"' },
      );

    it('shows the values of a store first', async () => {
      await configure('{ kind: secretsManager }');
      await applied('base', 'trust', 'secrets');
      expect(await textOf(token, 'token')).toBe('of the store');
      expect((await cluster.read(token))?.metadata?.ownerReferences).toHaveLength(1);
    });

    it('goes on to SOPS without losing a Secret: each has the value of its file, and no owner', async () => {
      await configure(`{ kind: sops, age: ${age.recipient} }`);
      await expect(applied('secrets')).rejects.toMatchObject({ code: 'SecretValueMissing' });
      expect(await textOf(token, 'token')).toBe('of the store');
      await giveKey();
      const before = await cluster.list('v1', 'Secret', 'services');
      await applied('secrets');
      expect(await cluster.list('external-secrets.io/v1', 'ExternalSecret')).toEqual([]);
      // The collector has had its chances.
      await sleep(1_000);
      const after = await cluster.list('v1', 'Secret', 'services');
      expect(after.map(({ metadata }) => metadata?.uid)).toEqual(before.map(({ metadata }) => metadata?.uid));
      for (const { metadata } of after) expect(metadata?.ownerReferences ?? []).toEqual([]);
      expect(await textOf(token, 'token')).toMatch(/^eyJhbGci/);
      const file = path.join(folder, 'secrets/voice/cluster/services.web-token.yaml');
      const { stdout } = await execa('sops', ['decrypt', '--extract', '["stringData"]["token"]', file]);
      expect(await textOf(token, 'token')).toBe(stdout);
    });

    it('knows them: nothing differs, then what somebody changes in the cluster does, without its value', async () => {
      expect(await differencesOf(options(['secrets']), silent)).toEqual([]);
      const changed = { ...token, stringData: { token: 'changed by hand' } } as unknown as Manifest;
      await cluster.apply(changed, { force: true, manager: 'somebody' });
      const differences = await differencesOf(options(['secrets']), silent);
      expect(differences).toMatchObject([
        { stage: 'secrets', subject: 'Secret services/web-token', action: 'change' },
      ]);
      expect(JSON.stringify(differences)).not.toMatch(/eyJhbGci|changed by hand/);
      await applied('secrets');
      expect(await textOf(token, 'token')).toMatch(/^eyJhbGci/);
    });

    it('are compared without their values by whoever has no key, who is told which', async () => {
      const key = process.env['SOPS_AGE_KEY_FILE'];
      process.env['SOPS_AGE_KEY_FILE'] = path.join(folder, 'no.key');
      const said: string[] = [];
      const report = { ...silent, warning: (_: string, text: string) => void said.push(text) };
      try {
        const changed = { ...token, stringData: { token: 'changed by hand' } } as unknown as Manifest;
        await cluster.apply(changed, { force: true, manager: 'somebody' });
        const differences = await differencesOf(options(['secrets']), report);
        expect(differences.length).toBeGreaterThan(5);
        for (const { action, fields, finding } of differences) {
          expect([action, fields, finding?.code]).toEqual(['unknown', [{ path: 'data' }], 'SopsRefused']);
        }
        expect(differences.map(({ subject }) => subject)).toContain('Secret services/web-token');
        expect(differs(differences)).toBe(false);
        expect(differencesText(differences, false)).toContain('0 to delete, ');
        expect(JSON.stringify(differences)).not.toContain('changed by hand');
        expect(said).toEqual([expect.stringMatching(/^SopsRefused: .*Secret services\/web-token/)]);
        expect(said[0]).not.toContain('changed by hand');
        await cluster.remove(token);
        const missing = await differencesOf(options(['secrets']), report);
        expect(missing.filter(({ action }) => action !== 'unknown')).toMatchObject([
          { stage: 'secrets', subject: 'Secret services/web-token', action: 'create' },
        ]);
        expect(missing).toHaveLength(differences.length);
        await expect(applied('secrets')).rejects.toMatchObject({ code: 'SopsRefused' });
      } finally {
        process.env['SOPS_AGE_KEY_FILE'] = key;
      }
      await applied('secrets');
      expect(await differencesOf(options(['secrets']), silent)).toEqual([]);
    });

    it('keeps them when a store shows them again, and prunes nothing that it shows', async () => {
      const { inventory } = await inventoryOf(cluster, 'voice').read();
      expect(inventory['secrets']).toContainEqual(token);
      await configure('{ kind: secretsManager }');
      await applied('secrets');
      const shown = await cluster.list('external-secrets.io/v1', 'ExternalSecret');
      const stores = await cluster.list('external-secrets.io/v1', 'ClusterSecretStore');
      expect(shown.length).toBeGreaterThan(5);
      const said: string[] = [];
      const report = { ...silent, warning: (_: string, text: string) => void said.push(text) };
      const objects = [...stores, ...shown].map(it => ({ ...refOf(it), spec: it['spec'] }) as Manifest);
      await inventoryOf(cluster, 'other').write({
        inventory: { secrets: (inventory['secrets'] ?? []).filter(({ kind }) => kind === 'Secret') },
        healthy: [],
      });
      const { removed } = await applyStages([{ name: 'secrets', groups: [objects] }], {
        ...{ cluster, prefix: 'other', signal, force: true, timeoutMs: 60_000, report, complete: true },
      });
      expect(removed).toBe(0);
      expect(said).toEqual([]);
    });

    it('takes them away with the platform, without their names being typed', async () => {
      await configure(`{ kind: sops, age: ${age.recipient} }`);
      await applied('secrets');
      const { kept: left } = await destroy({ ...options(['secrets']), named: [], confirm: 'voice' }, silent);
      expect(left.filter(name => name.startsWith('Secret services/'))).toEqual([]);
      expect(await cluster.read(token)).toBeUndefined();
      expect(
        await readFile(path.join(folder, 'secrets/voice/cluster/services.web-token.yaml'), 'utf8'),
      ).toContain('ENC[');
    });

    it.skipIf(pulsarChart === undefined)(`installs Pulsar with them${withoutChart}`, async () => {
      await packPulsarChart(path.join(folder, 'charts'));
      await applied('base', 'trust', 'secrets', 'pulsar');
      expect(controllers.births.map(({ pod }) => pod)).toContain('pulsar-broker-0');
      expect(await differencesOf(options(['base', 'trust', 'secrets', 'pulsar']), silent)).toEqual([]);
    });
  },
);
