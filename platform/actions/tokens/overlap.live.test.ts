import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { openSync } from 'node:fs';
import { mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { pulsarRelease } from '../../../charts/pulsar/index.js';
import { configOf, MINIMAL } from '../../config/testing/configs.js';
import { httpsProbe } from '../../edges/https-probe.js';
import { kubernetes, type Manifest } from '../../edges/kubernetes.js';
import { PlatformError } from '../../errors.js';
import { compiled } from '../../local/compiled.js';
import { portOf } from '../../local/endpoints.js';
import { openStateFolder, type StateFolder } from '../../local/index.js';
import { type PreparedPlatform, prepare } from '../../local/prepare.js';
import { claimStateFolder } from '../../local/state-folder.js';
import { testConfig } from '../../local/testing/platform.js';
import { tokenPublicKeyFile } from '../../local/tokens.js';
import { tokenIssuer } from '../../plan/index.js';
import { silent } from '../../report.js';
import { makeSecrets } from '../secrets/index.js';
import { tokenSecretsOf } from '../secrets/token-secrets.js';
import { keyIdsOf } from '../secrets/tokens.js';
import { exchangeClusterKey, issueClusterToken, listClusterTokens, rotateClusterKey } from './cluster.js';
import { keyOf } from './info.js';
import { showInCluster } from './shown.js';
import { killedEverywhere, restartOf } from './testing/killed.js';
import { noTokenStand, standTitled, startTokenStand, type TokenStand } from './testing/token-stand.js';
import { showTrust } from './testing/trust.js';

/** Every address of 127/8 is this machine's, on Linux: the port of the plan is free at one of them. */
const KEY_SERVER_ADDRESS = '127.0.0.83';
/** How soon the broker looks again for keys; by the values of the chart a test would wait for minutes. */
const REFRESH_SECONDS = 2;
const QUICK = {
  openIDCacheRefreshAfterWriteSeconds: REFRESH_SECONDS,
  openIDKeyIdCacheMissRefreshSeconds: REFRESH_SECONDS,
};
const skipped = noTokenStand || process.platform !== 'linux';

/**
 * Besides the stand the real key server, and a real broker that is told of keys what the values of the chart tell it. It
 * stands for the broker and the proxy alike.
 */
describe.skipIf(skipped)(standTitled('two keys of tokens in a cluster'), () => {
  let stand: TokenStand;
  let pulsar: Awaited<ReturnType<typeof startPulsar>>;
  beforeAll(async () => {
    const config = configOf(`${MINIMAL}pulsar: { tokenKeys: two }\n`);
    stand = await startTokenStand({ config, pods: { broker: 1, proxy: 1, bookie: 1 } });
    await stand.cluster.apply(KEY_SERVER_POD);
    pulsar = await startPulsar();
  }, 240_000);
  afterAll(async () => {
    await pulsar?.stop();
    await stand?.stop();
  });

  const options = () => ({ ...stand.options, ignoreGates: true, reach: pulsar.reach });
  const keys = async () => (await listClusterTokens(stand.options)).keys;
  const tokenShown = async () => (await stand.shown('pulsar', 'pulsar-token-operator', 'TOKEN')).toString();

  it('are published as one at first, and its tokens are taken', async () => {
    expect(await keys()).toMatchObject([{ signs: true, tokens: stand.plan.roles.length }]);
    expect(await pulsar.status(await tokenShown())).toBe(200);
  });

  it('are one again when a rotation is interrupted, and why it ended is told even where its key can not be taken back', async () => {
    const [before] = await keys();
    const published = async () =>
      keyIdsOf((await stand.shown('pulsar', 'pulsar-token-key-set', 'jwks.json')).toString());
    const interruption = new AbortController();
    const waiting = (_: string, text: string) => {
      if (text.includes('to take tokens')) interruption.abort();
    };
    const nowhere = async () => {
      throw new PlatformError('EndpointUnreachable', 'no way');
    };
    const interrupted = { report: { ...silent, waiting }, signal: interruption.signal, reach: nowhere };
    await expect(rotateClusterKey({ ...options(), ...interrupted })).rejects.toThrow(
      expect.objectContaining({ name: 'AbortError' }),
    );
    expect(await published()).toEqual([before?.id]);
    const written: string[] = [];
    const onWrite = (name: string) => {
      if (written.push(name) > 1) throw new Error('the store is away');
    };
    const warnings: string[] = [];
    const report = { ...silent, warning: (_: string, text: string) => void warnings.push(text) };
    const reach = async () => {
      throw new Error('the first one');
    };
    await expect(rotateClusterKey({ ...options(), report, reach, onWrite })).rejects.toThrow('the first one');
    expect(warnings).toEqual([expect.stringContaining('the store is away')]);
    const left = (await published()).at(-1) ?? '';
    expect(warnings[0]).toContain(left);
    // Interrupted before its own is shown, the next run takes away what that has left.
    await expect(rotateClusterKey({ ...options(), ...interrupted })).rejects.toThrow(
      expect.objectContaining({ name: 'AbortError' }),
    );
    expect(await published()).toEqual([before?.id]);
    expect(await keys()).toHaveLength(1);
  }, 60_000);

  it('are good at once after a rotation that is killed at each of its writes; nobody is restarted', async () => {
    const old = await tokenShown();
    const [before] = await keys();
    const { result, killed } = await killedEverywhere(killing =>
      rotateClusterKey({ ...options(), ...killing }),
    );
    const { privateKey, overlap, tokens } = tokenSecretsOf(stand.plan);
    const places = [overlap?.set, overlap?.previous, privateKey, ...tokens.map(({ secret }) => secret)];
    expect(killed).toEqual(places.map(place => place?.storeName));
    const { from, to, resumed } = result;
    expect(resumed).toBe(true);
    expect(from).toBe(before?.id);
    expect(await keys()).toMatchObject([
      { id: from, signs: false, tokens: 0 },
      { id: to, signs: true, tokens: stand.plan.roles.length },
    ]);
    expect(await tokenShown()).not.toBe(old);
    const issued = await issueClusterToken({ ...stand.options, role: 'operator', days: 1 });
    expect(issued.key).toBe(to);
    expect(await Promise.all([old, await tokenShown(), issued.token].map(pulsar.status))).toEqual([
      200, 200, 200,
    ]);
    expect(stand.births).toHaveLength(3);
    // Whoever applies meanwhile keeps both.
    expect((await makeSecrets(stand.plan, stand.store, silent)).made).toEqual([]);
  }, 240_000);

  it('are not three: the one that signs is not revoked, and none is added', async () => {
    const [, present] = await keys();
    await expect(exchangeClusterKey({ ...options(), key: present?.id ?? '' })).rejects.toMatchObject({
      ...{ code: 'KeyInUse', refused: true },
    });
    await expect(rotateClusterKey(options())).rejects.toMatchObject({ code: 'KeysTwo', refused: true });
    expect(await keys()).toHaveLength(2);
  });

  it.each(['hangs', 'is gone'] as const)('stay good while the key server %s', async how => {
    // Of the key that the broker knows by the key server alone.
    const token = await tokenShown();
    const bringBack = await pulsar.takeKeyServer(how);
    try {
      // Three times it looks again meanwhile.
      for (let second = 0; second < 3 * REFRESH_SECONDS; second += 1) {
        expect(await pulsar.status(token)).toBe(200);
        await sleep(1000);
      }
    } finally {
      bringBack();
    }
  });

  it('are one again after a revocation that is killed at each of its writes and between its restarts; then the old tokens are refused', async () => {
    const old = pulsar.firstToken;
    const [before, after] = await keys();
    expect(await pulsar.status(old)).toBe(200);
    const { publicKey, overlap } = tokenSecretsOf(stand.plan);
    let shownWhileRevoked: Awaited<ReturnType<typeof keys>> = [];
    const inside = [publicKey.storeName, ...['pulsar-broker-0', 'pulsar-proxy-0'].map(restartOf)];
    const refused: string[] = [];
    const { result, killed } = await killedEverywhere(
      killing => exchangeClusterKey({ ...options(), ...killing, key: before?.id ?? '' }),
      async step => {
        if (step === publicKey.storeName) shownWhileRevoked = await keys();
        if (!inside.includes(step)) return;
        // Another key would be the end of what is known of this one.
        await expect(rotateClusterKey(options()), step).rejects.toMatchObject({
          ...{ code: 'RevocationUnfinished', refused: true },
          fix: `platform tokens revoke ${before?.id} --target cluster goes on with it`,
        });
        refused.push(step);
      },
    );
    expect(refused).toEqual(inside);
    const wanted = [overlap?.set.storeName, ...inside];
    expect(killed.filter(step => wanted.includes(step))).toEqual(wanted);
    expect(shownWhileRevoked).toMatchObject([
      { id: before?.id, revoking: true },
      { id: after?.id, signs: true },
    ]);
    expect(result).toEqual({ revoked: before?.id, key: after?.id, restarted: ['broker', 'proxy'] });
    expect(await keys()).toMatchObject([{ id: after?.id, signs: true, tokens: stand.plan.roles.length }]);
    expect(await pulsar.status(old)).toBe(401);
    expect(await pulsar.status(await tokenShown())).toBe(200);
    expect((await makeSecrets(stand.plan, stand.store, silent)).made).toEqual([]);
  }, 300_000);

  it('are not published again by a rotation that was killed, once the old one is being revoked; that goes on', async () => {
    const [old] = await keys();
    const { tokens } = tokenSecretsOf(stand.plan);
    // Of either the token of a role is not signed anew.
    const onWrite = (name: string) => {
      if (name === tokens.at(-1)?.secret.storeName) throw new Error('killed');
    };
    await expect(rotateClusterKey({ ...options(), onWrite })).rejects.toThrow('killed');
    const revocation = { ...options(), key: old?.id ?? '' };
    await expect(exchangeClusterKey({ ...revocation, onWrite })).rejects.toThrow('killed');
    await expect(rotateClusterKey(options())).rejects.toMatchObject({
      ...{ code: 'RevocationUnfinished', saw: old?.id, refused: true },
    });
    expect(await keys()).toMatchObject([{ id: old?.id, revoking: true }, { signs: true }]);
    const { key } = await exchangeClusterKey(revocation);
    expect(await keys()).toMatchObject([{ id: key, signs: true, tokens: stand.plan.roles.length }]);
  }, 120_000);

  it('are told as done by the run that shows what a killed one left; the next is refused, and writes nothing', async () => {
    const [before] = await keys();
    const { tokens } = tokenSecretsOf(stand.plan);
    const last = tokens.at(-1)?.secret.storeName;
    const onWrite = (name: string) => {
      if (name === last) throw new Error('killed');
    };
    await expect(rotateClusterKey({ ...options(), onWrite })).rejects.toThrow('killed');
    // All are signed, and none is shown.
    await makeSecrets(stand.plan, stand.store, silent);
    const [, after] = await keys();
    expect(keyOf(await tokenShown())).toBe(before?.id);
    expect(await rotateClusterKey(options())).toEqual({ from: before?.id, to: after?.id, resumed: true });
    expect(keyOf(await tokenShown())).toBe(after?.id);
    // One whose time is nearly over is renewed by others.
    const operator = tokens.find(({ role }) => role === 'operator');
    if (operator === undefined) throw new RangeError('no operator');
    const { token } = await issueClusterToken({ ...stand.options, role: 'operator', days: 1 });
    await stand.store.write(operator.secret.storeName, token, '');
    const { kubeconfig = '' } = stand.options;
    const cluster = kubernetes({ kubeconfig, manager: 'tokens' });
    await showInCluster(cluster, new Map([[operator.secret, token]]), stand.options);
    const written: string[] = [];
    await expect(
      rotateClusterKey({ ...options(), onWrite: name => written.push(name) }),
    ).rejects.toMatchObject({ code: 'KeysTwo', refused: true });
    expect([written, await tokenShown()]).toEqual([[], token]);
  }, 120_000);

  /** The broker and the key server, with what the cluster shows them. */
  async function startPulsar() {
    const root = await mkdtemp(path.join(tmpdir(), 'platform-two-keys-'));
    const folder = await openStateFolder(root);
    await claimStateFolder(folder);
    const prepared = await prepare({ config: testConfig(), folder, env: process.env, running: [] });
    const firstToken = await tokenShown();
    const { plan } = stand;
    const { roots, operator, issued } = await showTrust(plan, stand.cluster);
    const ofProxy = plan.certificates.find(({ workload }) => workload === 'proxy')?.dnsNames ?? [];
    const [broker, keysOwn] = await Promise.all([
      issued('broker', [...ofProxy, 'localhost']),
      issued('keys'),
    ]);
    const at = (...names: string[]) => path.join(root, ...names);
    const files = { hosts: at('hosts'), jwks: at('jwks.json'), cert: at('keys.crt'), key: at('keys.key') };
    const { hostname, port } = new URL(tokenIssuer(plan));
    await writeFile(files.hosts, `${KEY_SERVER_ADDRESS} ${hostname}\n127.0.0.1 localhost\n`);
    await writeFile(files.cert, keysOwn.certificate);
    await writeFile(files.key, keysOwn.key, { mode: 0o600 });
    const ofBroker = folder.certificate('broker');
    await writeFile(path.join(ofBroker, 'tls.crt'), broker.certificate);
    await writeFile(path.join(ofBroker, 'tls.key'), broker.key);
    await writeFile(path.join(ofBroker, 'ca.crt'), roots);
    await tellOfKeys(folder);
    /** As kubelet does with what is mounted: nobody reads half of it. */
    const mount = async () => {
      await writeFile(`${files.jwks}.new`, await stand.shown('pulsar', 'pulsar-token-key-set', 'jwks.json'));
      await rename(`${files.jwks}.new`, files.jwks);
    };
    await mount();
    const startKeyServer = () =>
      spawn(process.execPath, [compiled('demo-services/keys/main.js')], {
        env: {
          ...{ PATH: process.env['PATH'], HOST: KEY_SERVER_ADDRESS, PORT: port, ISSUER: tokenIssuer(plan) },
          ...{ JWKS_FILE: files.jwks, TLS_CERTIFICATE_FILE: files.cert, TLS_KEY_FILE: files.key },
        },
        stdio: 'inherit',
      });
    let keyServer = startKeyServer();
    let running = await startBroker(prepared, folder, files.hosts);
    let going = true;
    const kubelet = (async () => {
      let seen = stand.births.length;
      while (going) {
        await mount().catch(() => undefined);
        const born = stand.births.slice(seen).filter(({ pod }) => pod.includes('broker'));
        seen = stand.births.length;
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
    const tls = { ca: roots, cert: operator.certificate, key: operator.key };
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
      /** Returns what brings it back. */
      takeKeyServer: async (how: 'hangs' | 'is gone') => {
        if (how === 'hangs') {
          keyServer.kill('SIGSTOP');
          return () => keyServer.kill('SIGCONT');
        }
        await end(keyServer);
        return () => {
          keyServer = startKeyServer();
        };
      },
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
    const { openid = {} } = pulsarRelease(stand.plan).values.auth?.authentication ?? {};
    const { enabled, ...told } = openid as Readonly<Record<string, unknown>>;
    expect(enabled).toBe(true);
    const lines = Object.entries({ ...told, ...QUICK }).map(([name, value]) => `${name}=${String(value)}`);
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
      await stand.shown('pulsar', 'pulsar-token-asymmetric-key', 'PUBLICKEY'),
    );
    await writeFile(folder.token('broker'), await stand.shown('pulsar', 'pulsar-token-broker', 'TOKEN'));
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
