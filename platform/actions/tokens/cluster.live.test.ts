import { createPublicKey } from 'node:crypto';
import process from 'node:process';
import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { jwtVerify } from 'jose';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { kubernetesArtifacts } from '../../../charts/index.js';
import {
  type ApiServer,
  kubernetesAssets,
  startApiServer,
  withoutApiServer,
} from '../../../charts/testing/api-server.js';
import { type Emulator, startEmulator } from '../../aws/testing/emulator.js';
import { pythonTool, titled } from '../../aws/testing/python-tools.js';
import { configOf, MINIMAL } from '../../config/testing/configs.js';
import { type Kubernetes, kubernetes, type Manifest } from '../../edges/kubernetes.js';
import { type SecretStore, secretStore } from '../../edges/secret-store.js';
import { makePlan } from '../../plan/index.js';
import { silent } from '../../report.js';
import { playControllers, type Stand } from '../cluster/testing/controllers.js';
import { makeSecrets } from '../secrets/index.js';
import { exchangeClusterKey, issueClusterToken, listClusterTokens, rotateClusterKey } from './cluster.js';
import { EXTERNAL_SECRETS, playExternalSecrets } from './testing/external-secrets.js';
import { setOf } from './testing/sets.js';

const tool = await pythonTool('ministack');
const skipped = 'missing' in tool || kubernetesAssets === undefined;
const title = `tokens in a cluster${kubernetesAssets === undefined ? withoutApiServer : ''}`;
const signal = new AbortController().signal;
const ROLE = `${MINIMAL}pulsar: { roles: [{ name: batch, from: cluster, produces: [voice/chat/audio] }] }\n`;

/**
 * A real API server and Secrets Manager on an emulator. Stand-ins: external-secrets, and the controllers of StatefulSets
 * with their kubelets.
 */
describe.skipIf(skipped)(titled(title, tool), () => {
  const config = configOf(ROLE);
  const plan = makePlan(config, { target: 'cluster' });
  let server: ApiServer;
  let emulator: Emulator;
  let cluster: Kubernetes;
  let store: SecretStore;
  let controllers: Stand;
  let externalSecrets: { stop: () => Promise<void> };
  const env = { ...process.env };

  beforeAll(async () => {
    if ('missing' in tool) return;
    [server, emulator] = await Promise.all([
      startApiServer(kubernetesAssets ?? ''),
      startEmulator(tool.program),
    ]);
    Object.assign(process.env, {
      AWS_ENDPOINT_URL: emulator.url,
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
    });
    cluster = kubernetes(server);
    store = secretStore('secretsManager', plan.region);
    await places();
    await makeSecrets(plan, store, silent);
    await cluster.apply(EXTERNAL_SECRETS);
    const manifests = kubernetesArtifacts({
      plan,
      outputs: { account: '123456789012', trustedRoots: '' },
    }).manifests;
    const objects = manifests.flatMap(file => file.objects as Manifest[]);
    for (const object of objects.filter(({ kind }) => kind === 'Namespace')) await cluster.apply(object);
    await untilEstablished();
    for (const object of objects.filter(({ kind }) => kind === 'ExternalSecret')) await cluster.apply(object);
    externalSecrets = playExternalSecrets(server.kubeconfig, store);
    controllers = playControllers(server.kubeconfig, 'pulsar');
    for (const [component, replicas] of [
      ['broker', 3],
      ['proxy', 2],
      ['bookie', 1],
    ] as const) {
      await cluster.apply(setOf(component, replicas));
    }
    await vi.waitFor(() => expect(controllers.births).toHaveLength(6), { timeout: 30_000, interval: 200 });
  }, 120_000);
  afterAll(async () => {
    await externalSecrets?.stop();
    await controllers?.stop();
    store?.close();
    await server?.stop();
    emulator?.stop();
    process.env = env;
  });

  const options = () => ({
    ...{ config, file: 'platform.yaml' },
    ...{ kubeconfig: server.kubeconfig, context: 'try' },
    report: silent,
    signal,
  });
  /** Bytes of a Secret in the cluster. */
  const shown = async (namespace: string, name: string, key: string) => {
    const secret = await cluster.read({ apiVersion: 'v1', kind: 'Secret', metadata: { namespace, name } });
    const data = secret?.['data'] as Readonly<Record<string, string>> | undefined;
    return Buffer.from(data?.[key] ?? '', 'base64');
  };
  const publicKey = async () =>
    createPublicKey({
      key: await shown('pulsar', 'pulsar-token-asymmetric-key', 'PUBLICKEY'),
      format: 'der',
      type: 'spki',
    });
  /** Roles whose Secret holds a token that brokers would take. */
  const accepted = async () => {
    const key = await publicKey();
    const places = plan.secrets.filter(({ id, target }) => id.startsWith('tokens/') && target !== undefined);
    const results = await Promise.all(
      places.map(async ({ id, target }) => {
        const token = await shown(target?.namespace ?? '', target?.name ?? '', target?.key ?? '');
        const subject = id.slice('tokens/'.length);
        return jwtVerify(token.toString(), key, { subject }).then(
          () => subject,
          () => undefined,
        );
      }),
    );
    return results.filter(role => role !== undefined).sort();
  };
  const roles = () => plan.roles.map(({ name }) => name).sort();
  const presentKey = async () =>
    (await listClusterTokens({ config, file: 'platform.yaml' })).keys[0]?.id ?? '';

  it('are Secrets of each role, which the key of the brokers verifies', async () => {
    await expect.poll(accepted, { timeout: 30_000 }).toEqual(roles());
    const { keys, tokens } = await listClusterTokens({ config, file: 'platform.yaml' });
    expect(keys).toMatchObject([{ signs: true, tokens: plan.roles.length }]);
    expect(tokens.map(({ role }) => role).sort()).toEqual(roles());
  });

  it('are issued for a role of the plan, by the key of the store', async () => {
    const { token } = await issueClusterToken({ config, file: 'platform.yaml', role: 'batch', days: 1 });
    await expect(jwtVerify(token, await publicKey(), { subject: 'batch' })).resolves.toBeDefined();
    await expect(
      issueClusterToken({ config, file: 'platform.yaml', role: 'nobody', days: 1 }),
    ).rejects.toMatchObject({
      code: 'RoleUnknown',
    });
  });

  it('are not rotated where one key is good at a time, and it is said what makes it two', async () => {
    await expect(rotateClusterKey(options())).rejects.toMatchObject({
      ...{ code: 'TokenOverlapMissing', refused: true },
      fix: expect.stringContaining('pulsar.tokenKeys: two'),
    });
  });

  it('of an unknown key are not revoked, and nothing is changed', async () => {
    const before = await presentKey();
    for (const key of ['nothing', '']) {
      await expect(exchangeClusterKey({ ...options(), key })).rejects.toMatchObject({ code: 'KeyUnknown' });
    }
    expect(await presentKey()).toBe(before);
    expect(controllers.births).toHaveLength(6);
  });

  it('are not exchanged while Pulsar is not well; then every one is new, and brokers are restarted before proxies', async () => {
    const old = await presentKey();
    const stolen = await issueClusterToken({ config, file: 'platform.yaml', role: 'operator', days: 1 });
    // Its health can not be asked, since no container runs: as when nobody answers.
    await expect(exchangeClusterKey({ ...options(), key: old })).rejects.toMatchObject({
      ...{ code: 'GateRed', refused: true },
    });
    expect(await presentKey()).toBe(old);
    expect(controllers.births).toHaveLength(6);
    const { revoked, key, restarted } = await exchangeClusterKey({
      ...options(),
      key: old,
      ignoreGates: true,
    });
    expect([revoked, await presentKey()]).toEqual([old, key]);
    expect(key).not.toBe(old);
    expect(restarted).toEqual(['broker', 'proxy']);
    expect(await accepted()).toEqual(roles());
    await expect(jwtVerify(stolen.token, await publicKey())).rejects.toThrow();
    const again = controllers.births.slice(6);
    expect(again.map(({ pod }) => pod.replace(/-\d+$/, ''))).toEqual([
      ...['pulsar-broker', 'pulsar-broker', 'pulsar-broker'],
      ...['pulsar-proxy', 'pulsar-proxy'],
    ]);
    expect(again.every(({ pod, away }) => away.every(name => name === pod))).toBe(true);
  }, 120_000);

  it('come to the same end when that is killed at any of its writes', async () => {
    const before = controllers.births.length;
    const old = await presentKey();
    let killed = 0;
    for (let step = 0; ; step += 1) {
      let seen = 0;
      const onWrite = () => {
        if (seen === step) throw new Error('killed');
        seen += 1;
      };
      const run = exchangeClusterKey({ ...options(), key: old, ignoreGates: true, onWrite });
      const outcome = await run.then(
        () => 'done',
        (error: Error) => error.message,
      );
      if (outcome === 'done') break;
      expect(outcome).toBe('killed');
      // What it wrote before is not written again: only what is after it counts.
      if (seen > 0) step = -1;
      killed += 1;
      expect(killed).toBeLessThan(60);
    }
    expect(killed).toBeGreaterThan(plan.roles.length);
    expect(await presentKey()).not.toBe(old);
    expect(await accepted()).toEqual(roles());
    expect(controllers.births.length - before).toBe(5);
    expect((await exchangeClusterKey({ ...options(), key: old, ignoreGates: true })).revoked).toBe(old);
    expect(controllers.births.length - before).toBe(5);
  }, 180_000);

  /** As the stack `secrets` makes them: without a value. */
  async function places(): Promise<void> {
    const client = new SecretsManagerClient({ region: plan.region });
    for (const { storeName } of plan.secrets) await client.send(new CreateSecretCommand({ Name: storeName }));
    client.destroy();
  }

  const untilEstablished = () =>
    vi.waitFor(() => cluster.list('external-secrets.io/v1', 'ExternalSecret'), {
      timeout: 20_000,
      interval: 200,
    });
});
