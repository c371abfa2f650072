import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { openSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { localAuthority, newLocalAuthority, requestCertificate } from '../../../certs/index.js';
import { kubernetesArtifacts } from '../../../charts/index.js';
import { pulsarRelease } from '../../../charts/pulsar/index.js';
import {
  type ApiServer,
  kubernetesAssets,
  startApiServer,
  withoutApiServer,
} from '../../../charts/testing/api-server.js';
import { type Emulator, startEmulator } from '../../aws/testing/emulator.js';
import { pythonTool, titled } from '../../aws/testing/python-tools.js';
import { configOf, MINIMAL } from '../../config/testing/configs.js';
import { httpsProbe } from '../../edges/https-probe.js';
import { type Kubernetes, kubernetes, type Manifest } from '../../edges/kubernetes.js';
import { type SecretStore, secretStore } from '../../edges/secret-store.js';
import { compiled } from '../../local/compiled.js';
import { portOf } from '../../local/endpoints.js';
import { openStateFolder, type StateFolder } from '../../local/index.js';
import { type PreparedPlatform, prepare } from '../../local/prepare.js';
import { claimStateFolder } from '../../local/state-folder.js';
import { testConfig } from '../../local/testing/platform.js';
import { tokenPublicKeyFile } from '../../local/tokens.js';
import { makePlan, tokenIssuer } from '../../plan/index.js';
import { silent } from '../../report.js';
import { playControllers, type Stand } from '../cluster/testing/controllers.js';
import { makeSecrets } from '../secrets/index.js';
import { exchangeClusterKey, issueClusterToken, listClusterTokens, rotateClusterKey } from './cluster.js';
import { EXTERNAL_SECRETS, playExternalSecrets } from './testing/external-secrets.js';
import { setOf } from './testing/sets.js';

const tool = await pythonTool('ministack');
const skipped = 'missing' in tool || kubernetesAssets === undefined || process.platform !== 'linux';
const title = `two keys of tokens in a cluster${kubernetesAssets === undefined ? withoutApiServer : ''}`;
const signal = new AbortController().signal;
/** Every address of 127/8 is this machine's, on Linux: the port of the plan is free at one of them. */
const KEY_SERVER_ADDRESS = '127.0.0.83';

/**
 * A real API server, Secrets Manager on an emulator, the real key server, and a real broker that is told of keys what the
 * values of the chart tell it. It stands for the broker and the proxy alike. Stand-ins: external-secrets, and the
 * controllers of StatefulSets with their kubelets.
 */
describe.skipIf(skipped)(titled(title, tool), () => {
  const config = configOf(`${MINIMAL}pulsar: { tokenKeys: two }\n`);
  const plan = makePlan(config, { target: 'cluster' });
  let server: ApiServer;
  let emulator: Emulator;
  let cluster: Kubernetes;
  let store: SecretStore;
  let controllers: Stand;
  let externalSecrets: { stop: () => Promise<void> };
  let stand: Awaited<ReturnType<typeof startStand>>;
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
    const client = new SecretsManagerClient({ region: plan.region });
    for (const { storeName } of plan.secrets) await client.send(new CreateSecretCommand({ Name: storeName }));
    client.destroy();
    await makeSecrets(plan, store, silent);
    await cluster.apply(EXTERNAL_SECRETS);
    const objects = kubernetesArtifacts({
      plan,
      outputs: { account: '123456789012', trustedRoots: '' },
    }).manifests.flatMap(file => file.objects as Manifest[]);
    for (const object of objects.filter(({ kind }) => kind === 'Namespace')) await cluster.apply(object);
    await vi.waitFor(() => cluster.list('external-secrets.io/v1', 'ExternalSecret'), { timeout: 20_000 });
    for (const object of objects.filter(({ kind }) => kind === 'ExternalSecret')) await cluster.apply(object);
    externalSecrets = playExternalSecrets(server.kubeconfig, store);
    await vi.waitFor(() => shown('pulsar', 'pulsar-token-key-set', 'jwks.json'), { timeout: 30_000 });
    await vi.waitFor(() => shown('pulsar', 'pulsar-token-broker', 'TOKEN'), { timeout: 30_000 });
    controllers = playControllers(server.kubeconfig, 'pulsar');
    for (const component of ['broker', 'proxy', 'bookie']) await cluster.apply(setOf(component, 1));
    await cluster.apply(KEY_SERVER_POD);
    await vi.waitFor(() => expect(controllers.births).toHaveLength(3), { timeout: 30_000, interval: 200 });
    stand = await startStand();
  }, 240_000);
  afterAll(async () => {
    await stand?.stop();
    await externalSecrets?.stop();
    await controllers?.stop();
    store?.close();
    await server?.stop();
    emulator?.stop();
    process.env = env;
  });

  const place = { config, file: 'platform.yaml' };
  const options = () => ({
    ...place,
    ...{ kubeconfig: server.kubeconfig, context: 'try', report: silent, signal, ignoreGates: true },
    reach: stand.reach,
  });
  /** Bytes of a Secret in the cluster; it is an error that there are none. */
  async function shown(namespace: string, name: string, key: string): Promise<Buffer> {
    const secret = await cluster.read({ apiVersion: 'v1', kind: 'Secret', metadata: { namespace, name } });
    const value = (secret?.['data'] as Readonly<Record<string, string>> | undefined)?.[key];
    if (value === undefined) throw new Error(`no ${key} in ${namespace}/${name}`);
    return Buffer.from(value, 'base64');
  }
  const keys = async () => (await listClusterTokens(place)).keys;
  const tokenShown = async () => (await shown('pulsar', 'pulsar-token-operator', 'TOKEN')).toString();

  it('are published as one at first, and its tokens are taken', async () => {
    expect(await keys()).toMatchObject([{ signs: true, tokens: plan.roles.length }]);
    expect(await stand.status(await tokenShown())).toBe(200);
  });

  it('are good at once after a rotation that is killed at each of its writes; nobody is restarted', async () => {
    const old = await tokenShown();
    const [before] = await keys();
    const outcomes = await killedEverywhere(onWrite => rotateClusterKey({ ...options(), onWrite }));
    expect(outcomes.killed).toBeGreaterThanOrEqual(5);
    const { from, to } = outcomes.result;
    expect(from).toBe(before?.id);
    expect(await keys()).toMatchObject([
      { id: from, signs: false, tokens: 0 },
      { id: to, signs: true, tokens: plan.roles.length },
    ]);
    expect(await tokenShown()).not.toBe(old);
    const issued = await issueClusterToken({ ...place, role: 'operator', days: 1 });
    expect(issued.key).toBe(to);
    expect(await Promise.all([old, await tokenShown(), issued.token].map(stand.status))).toEqual([
      200, 200, 200,
    ]);
    expect(controllers.births).toHaveLength(3);
    // Whoever applies meanwhile keeps both.
    expect((await makeSecrets(plan, store, silent)).made).toEqual([]);
  }, 240_000);

  it('are not three: the one that signs is not revoked, and none is added', async () => {
    const [, present] = await keys();
    await expect(exchangeClusterKey({ ...options(), key: present?.id ?? '' })).rejects.toMatchObject({
      ...{ code: 'KeyInUse', refused: true },
    });
    await expect(rotateClusterKey(options())).rejects.toMatchObject({ code: 'KeysTwo', refused: true });
    expect(await keys()).toHaveLength(2);
  });

  it('stay good while the key server is away', async () => {
    await stand.keyServer('SIGSTOP');
    expect(await stand.status(await tokenShown())).toBe(200);
    await stand.keyServer('SIGCONT');
  });

  it('are one again after a revocation that is killed at each of its writes; then the old tokens are refused', async () => {
    const old = stand.firstToken;
    const [before, after] = await keys();
    expect(await stand.status(old)).toBe(200);
    let shownWhileRevoked: Awaited<ReturnType<typeof keys>> = [];
    const { result, killed } = await killedEverywhere(onWrite =>
      exchangeClusterKey({ ...options(), key: before?.id ?? '', onWrite }).catch(async error => {
        shownWhileRevoked = await keys();
        throw error;
      }),
    );
    expect(killed).toBeGreaterThanOrEqual(2);
    expect(shownWhileRevoked).toMatchObject([
      { id: before?.id, revoking: true },
      { id: after?.id, signs: true },
    ]);
    expect(result).toEqual({ revoked: before?.id, key: after?.id, restarted: ['broker', 'proxy'] });
    expect(await keys()).toMatchObject([{ id: after?.id, signs: true, tokens: plan.roles.length }]);
    expect(await stand.status(old)).toBe(401);
    expect(await stand.status(await tokenShown())).toBe(200);
    expect((await makeSecrets(plan, store, silent)).made).toEqual([]);
  }, 300_000);

  /** Runs it, killed at its first write, then at its second, and so on, until it comes to its end. */
  async function killedEverywhere<T>(
    run: (onWrite: () => void) => Promise<T>,
  ): Promise<{ readonly result: T; readonly killed: number }> {
    let killed = 0;
    // Each run may go one write further than the one before.
    for (let allowed = 0; ; allowed += 1) {
      let seen = 0;
      const onWrite = () => {
        if (seen === allowed) throw new Error('killed');
        seen += 1;
      };
      try {
        return { result: await run(onWrite), killed };
      } catch (error) {
        if ((error as Error).message !== 'killed') throw error;
        killed += 1;
      }
    }
  }

  /** The broker and the key server, with what the cluster shows them. */
  async function startStand() {
    const root = await mkdtemp(path.join(tmpdir(), 'platform-two-keys-'));
    const folder = await openStateFolder(root);
    await claimStateFolder(folder);
    const prepared = await prepare({ config: testConfig(), folder, env: process.env, running: [] });
    const firstToken = await tokenShown();
    const material = await newLocalAuthority({ commonName: 'try', algorithm: 'ecdsa-p256' });
    const authority = await localAuthority(material);
    const issued = async (workload: string, more: readonly string[] = []) => {
      const wanted = plan.certificates.find(it => it.workload === workload);
      if (wanted === undefined) throw new RangeError(workload);
      return requestCertificate(authority, { ...wanted, dnsNames: [...wanted.dnsNames, ...more] });
    };
    const ofProxy = plan.certificates.find(({ workload }) => workload === 'proxy')?.dnsNames ?? [];
    const [broker, keysOwn, operator] = await Promise.all([
      issued('broker', [...ofProxy, 'localhost']),
      issued('keys'),
      issued('operator'),
    ]);
    if (broker === undefined || keysOwn === undefined || operator === undefined)
      throw new RangeError('no workload');
    await cluster.apply({
      ...{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { namespace: 'clients', name: 'platform-trust' } },
      data: { 'ca.crt': material.root },
    } as Manifest);
    await cluster.apply({
      ...{ apiVersion: 'v1', kind: 'Secret', metadata: { namespace: 'clients', name: 'operator-tls' } },
      stringData: { 'tls.crt': operator.certificate, 'tls.key': operator.key },
    } as Manifest);
    const at = (...names: string[]) => path.join(root, ...names);
    const files = { hosts: at('hosts'), jwks: at('jwks.json'), cert: at('keys.crt'), key: at('keys.key') };
    const { hostname, port } = new URL(tokenIssuer(plan));
    await writeFile(files.hosts, `${KEY_SERVER_ADDRESS} ${hostname}\n127.0.0.1 localhost\n`);
    await writeFile(files.cert, keysOwn.certificate);
    await writeFile(files.key, keysOwn.key, { mode: 0o600 });
    const ofBroker = folder.certificate('broker');
    await writeFile(path.join(ofBroker, 'tls.crt'), broker.certificate);
    await writeFile(path.join(ofBroker, 'tls.key'), broker.key);
    await writeFile(path.join(ofBroker, 'ca.crt'), material.root);
    await tellOfKeys(folder);
    /** As kubelet does with what is mounted. */
    const mount = async () =>
      writeFile(files.jwks, await shown('pulsar', 'pulsar-token-key-set', 'jwks.json'));
    await mount();
    const keyServer = spawn(process.execPath, [compiled('demo-services/keys/main.js')], {
      env: {
        ...{ PATH: process.env['PATH'], HOST: KEY_SERVER_ADDRESS, PORT: port, ISSUER: tokenIssuer(plan) },
        ...{ JWKS_FILE: files.jwks, TLS_CERTIFICATE_FILE: files.cert, TLS_KEY_FILE: files.key },
      },
      stdio: 'inherit',
    });
    let running = await startBroker(prepared, folder, files.hosts);
    let going = true;
    const kubelet = (async () => {
      let seen = controllers.births.length;
      while (going) {
        await mount().catch(() => undefined);
        const born = controllers.births.slice(seen).filter(({ pod }) => pod.includes('broker'));
        seen = controllers.births.length;
        if (born.length > 0) {
          await end(running);
          running = await startBroker(prepared, folder, files.hosts);
        }
        await sleep(200);
      }
    })();
    const ports: Readonly<Record<string, { host: string; port: number }>> = {
      keys: { host: KEY_SERVER_ADDRESS, port: Number(port) },
      pulsar: { host: '127.0.0.1', port: portOf(prepared.plan, 'broker/https') },
    };
    const tls = { ca: material.root, cert: operator.certificate, key: operator.key };
    const status = async (token: string) => {
      const url = `https://localhost:${ports['pulsar']?.port}/admin/v2/clusters`;
      return (await httpsProbe(url, tls, { token, timeoutMs: 10_000 })).status;
    };
    await vi.waitFor(async () => expect(await status(firstToken)).toBe(200), {
      ...{ timeout: 120_000, interval: 500 },
    });
    return {
      ...{ firstToken, status },
      reach: async ({ name }: { readonly name: string }) => {
        const found = ports[name.split('-')[0] ?? ''];
        if (found === undefined) throw new RangeError(name);
        return { ...found, close: async () => undefined };
      },
      keyServer: async (told: NodeJS.Signals) => keyServer.kill(told),
      stop: async () => {
        going = false;
        await kubelet;
        await Promise.all([end(running), end(keyServer)]);
        await rm(root, { recursive: true, force: true });
      },
    };
  }

  /** The values of the chart, as its ConfigMap hands them on to `broker.conf`. */
  async function tellOfKeys(folder: StateFolder): Promise<void> {
    const { openid = {} } = pulsarRelease(plan).values.auth?.authentication ?? {};
    const { enabled, ...told } = openid as Readonly<Record<string, unknown>>;
    expect(enabled).toBe(true);
    const lines = Object.entries(told).map(([name, value]) => `${name}=${String(value)}`);
    const file = folder.config('broker.conf');
    const others = (await readFile(file, 'utf8')).split('\n').filter(line => !line.startsWith('openID'));
    const trust = path.join(folder.certificate('broker'), 'ca.crt');
    await writeFile(
      file,
      [...others, ...lines, `openIDTokenIssuerTrustCertsFilePath=${trust}`, ''].join('\n'),
    );
  }

  async function startBroker(
    { processes }: PreparedPlatform,
    folder: StateFolder,
    hosts: string,
  ): Promise<ChildProcess> {
    const spec = processes.find(({ name }) => name === 'broker');
    if (spec === undefined) throw new RangeError('no broker');
    await writeFile(
      tokenPublicKeyFile(folder),
      await shown('pulsar', 'pulsar-token-asymmetric-key', 'PUBLICKEY'),
    );
    await writeFile(folder.token('broker'), await shown('pulsar', 'pulsar-token-broker', 'TOKEN'));
    const log = openSync(spec.log, 'a');
    return spawn(spec.command, [`-Djdk.net.hosts.file=${hosts}`, ...spec.args], {
      ...{ env: spec.env, cwd: spec.cwd, stdio: ['ignore', log, log] },
    });
  }
});

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}

const KEY_SERVER_POD = {
  ...{ apiVersion: 'v1', kind: 'Pod' },
  metadata: { name: 'keys-0', namespace: 'pulsar', labels: { 'app.kubernetes.io/name': 'keys' } },
  spec: { automountServiceAccountToken: false, containers: [{ name: 'keys', image: 'keys:try' }] },
} as Manifest;
