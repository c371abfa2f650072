import process from 'node:process';
import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { vi } from 'vitest';
import { kubernetesArtifacts } from '../../../../charts/index.js';
import { kubernetesAssets, startApiServer, withoutApiServer } from '../../../../charts/testing/api-server.js';
import { startEmulator } from '../../../aws/testing/emulator.js';
import { pythonTool, titled } from '../../../aws/testing/python-tools.js';
import type { Config } from '../../../config/index.js';
import { type Kubernetes, kubernetes, type Manifest } from '../../../edges/kubernetes.js';
import { type SecretStore, secretStore } from '../../../edges/secret-store.js';
import { type ClusterPlan, makePlan } from '../../../plan/index.js';
import { silent } from '../../../report.js';
import { type Birth, playControllers } from '../../cluster/testing/controllers.js';
import { makeSecrets } from '../../secrets/index.js';
import { tokenSecretsOf } from '../../secrets/token-secrets.js';
import type { ClusterTokensOptions } from '../options.js';
import { EXTERNAL_SECRETS, playExternalSecrets } from './external-secrets.js';
import { setOf } from './sets.js';

const tool = await pythonTool('ministack');

/** Whether a part of the stand can't be had on this machine. */
export const noTokenStand = 'missing' in tool || kubernetesAssets === undefined;

/** The name of tests that need the stand: what they try, or that they are left out and why. */
export function standTitled(title: string): string {
  return titled(`${title}${kubernetesAssets === undefined ? withoutApiServer : ''}`, tool);
}

export interface TokenStandProps {
  readonly config: Config;
  /** How many pods there are of a component of Pulsar. */
  readonly pods: Readonly<Record<string, number>>;
}

export interface TokenStand {
  readonly plan: ClusterPlan;
  readonly cluster: Kubernetes;
  readonly store: SecretStore;
  /** Pods that came, in their order. */
  readonly births: readonly Birth[];
  /** What the actions are told. */
  readonly options: ClusterTokensOptions;
  /** Bytes of a Secret in the cluster; it is an error that there are none. */
  shown(namespace: string, name: string, key: string): Promise<Buffer>;
  stop(): Promise<void>;
}

/**
 * A real API server and Secrets Manager on an emulator, with the secrets of a plan in both. Stand-ins: external-secrets, and
 * the controllers of StatefulSets with their kubelets. The AWS SDK of this process asks the emulator until it is stopped.
 */
export async function startTokenStand(props: TokenStandProps): Promise<TokenStand> {
  const ends: (() => unknown)[] = [];
  const stop = async () => {
    for (const end of ends.toReversed()) await end();
  };
  try {
    return { ...(await start(props, ends)), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** @param ends takes what is to be called in the end, the last one first */
async function start(
  { config, pods }: TokenStandProps,
  ends: (() => unknown)[],
): Promise<Omit<TokenStand, 'stop'>> {
  if ('missing' in tool) throw new RangeError(tool.missing);
  const plan = makePlan(config, { target: 'cluster' });
  const { kubeconfig, ...server } = await startApiServer(kubernetesAssets ?? '');
  ends.push(server.stop);
  const emulator = await startEmulator(tool.program);
  ends.push(emulator.stop);
  const env = { ...process.env };
  ends.push(() => {
    process.env = env;
  });
  const ofEmulator = {
    AWS_ENDPOINT_URL: emulator.url,
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
  };
  Object.assign(process.env, ofEmulator);
  const cluster = kubernetes({ kubeconfig });
  const store = secretStore('secretsManager', plan.region);
  ends.push(store.close);
  const shown = shownIn(cluster);
  await makePlaces(plan);
  await makeSecrets(plan, store, silent);
  await applyExternalSecrets(plan, cluster);
  ends.push(playExternalSecrets(kubeconfig, store).stop);
  const { publicKey, overlap, tokens } = tokenSecretsOf(plan);
  for (const { target } of [publicKey, ...(overlap ? [overlap.set] : []), ...tokens.map(it => it.secret)]) {
    if (target === undefined) continue;
    const { namespace, name, key } = target;
    await vi.waitFor(() => shown(namespace, name, key), { timeout: 30_000, interval: 200 });
  }
  const { births, stop } = playControllers(kubeconfig, 'pulsar');
  ends.push(stop);
  for (const [component, replicas] of Object.entries(pods)) await cluster.apply(setOf(component, replicas));
  const all = Object.values(pods).reduce((sum, count) => sum + count, 0);
  await vi.waitFor(
    () => {
      if (births.length < all) throw new Error(`${births.length} of ${all} pods`);
    },
    { timeout: 60_000, interval: 200 },
  );
  return {
    ...{ plan, cluster, store, shown, births },
    options: {
      ...{ config, file: 'platform.yaml', kubeconfig, context: 'try' },
      ...{ report: silent, signal: new AbortController().signal },
    },
  };
}

function shownIn(cluster: Kubernetes): TokenStand['shown'] {
  return async (namespace, name, key) => {
    const secret = await cluster.read({ apiVersion: 'v1', kind: 'Secret', metadata: { namespace, name } });
    const value = (secret?.['data'] as Readonly<Record<string, string>> | undefined)?.[key];
    if (value === undefined) throw new Error(`no ${key} in ${namespace}/${name}`);
    return Buffer.from(value, 'base64');
  };
}

/** As the stack `secrets` makes them: without a value. */
async function makePlaces({ region, secrets }: ClusterPlan): Promise<void> {
  const client = new SecretsManagerClient({ region });
  for (const { storeName } of secrets) await client.send(new CreateSecretCommand({ Name: storeName }));
  client.destroy();
}

async function applyExternalSecrets(plan: ClusterPlan, cluster: Kubernetes): Promise<void> {
  await cluster.apply(EXTERNAL_SECRETS);
  const outputs = { account: '123456789012', trustedRoots: '' };
  const objects = kubernetesArtifacts({ plan, outputs }).manifests.flatMap(
    file => file.objects as Manifest[],
  );
  for (const object of objects.filter(({ kind }) => kind === 'Namespace')) await cluster.apply(object);
  await vi.waitFor(() => cluster.list('external-secrets.io/v1', 'ExternalSecret'), {
    ...{ timeout: 20_000, interval: 200 },
  });
  for (const object of objects.filter(({ kind }) => kind === 'ExternalSecret')) await cluster.apply(object);
}
