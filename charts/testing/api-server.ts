import { type ChildProcess, spawn } from 'node:child_process';
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import envPaths from 'env-paths';
import getPort from 'get-port';
import { localAuthority, newLocalAuthority, requestCertificate } from '../../certs/index.js';

const cache = envPaths('pulsar-platform-kit', { suffix: '' }).cache;

/** Folder of kube-apiserver and etcd: KUBEBUILDER_ASSETS, else what `.ci/kubernetes` has built on this machine. */
export const kubernetesAssets = [
  process.env['KUBEBUILDER_ASSETS'],
  path.join(cache, 'kubernetes-1.36.3-etcd-3.6.5'),
].find(folder => folder !== undefined && existsSync(path.join(folder, 'kube-apiserver')));

/** Suffix of the name of a test that needs an API server and is skipped without one. */
export const withoutApiServer =
  kubernetesAssets === undefined
    ? ' (skipped: KUBEBUILDER_ASSETS names no kube-apiserver; .ci/kubernetes builds it)'
    : '';

export interface ApiServer {
  readonly kubeconfig: string;
  /** Name of its one context. */
  readonly context: string;
  readonly stop: () => Promise<void>;
}

/** A real API server with etcd on loopback, as in a cluster without nodes and controllers. Pod Security is enforced. */
export async function startApiServer(assets: string): Promise<ApiServer> {
  const folder = await mkdtemp(path.join(tmpdir(), 'api-server-'));
  const file = (name: string) => path.join(folder, name);
  const [etcdPort, peerPort, port] = await Promise.all([1, 2, 3].map(() => getPort({ host: '127.0.0.1' })));
  const token = randomBytes(24).toString('hex');
  const trust = await writeKeys(file, token);
  const etcd = start(assets, 'etcd', [
    ...['--data-dir', file('etcd')],
    ...[
      '--listen-client-urls',
      `http://127.0.0.1:${etcdPort}`,
      '--advertise-client-urls',
      `http://127.0.0.1:${etcdPort}`,
    ],
    ...['--listen-peer-urls', `http://127.0.0.1:${peerPort}`],
  ]);
  const server = start(assets, 'kube-apiserver', [
    ...['--etcd-servers', `http://127.0.0.1:${etcdPort}`],
    ...['--bind-address', '127.0.0.1', '--secure-port', String(port)],
    ...['--tls-cert-file', file('tls.crt'), '--tls-private-key-file', file('tls.key')],
    ...['--token-auth-file', file('tokens.csv'), '--authorization-mode', 'RBAC'],
    ...[
      '--service-account-key-file',
      file('accounts.key'),
      '--service-account-signing-key-file',
      file('accounts.key'),
    ],
    ...[
      '--service-account-issuer',
      'https://kubernetes.default.svc',
      '--service-cluster-ip-range',
      '172.20.0.0/16',
    ],
    // No controller makes the accounts that this plug-in asks for.
    ...['--disable-admission-plugins', 'ServiceAccount'],
  ]);
  const stop = async () => {
    for (const child of [server, etcd]) await ended(child);
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await untilReady(port ?? 0, token, trust);
  } catch (error) {
    await stop();
    throw error;
  }
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [
      {
        name: 'try',
        cluster: {
          server: `https://localhost:${port}`,
          'certificate-authority-data': Buffer.from(trust).toString('base64'),
        },
      },
    ],
    users: [{ name: 'admin', user: { token } }],
    contexts: [{ name: 'try', context: { cluster: 'try', user: 'admin' } }],
    'current-context': 'try',
  };
  await writeFile(file('kubeconfig'), JSON.stringify(config), { mode: 0o600 });
  return { kubeconfig: file('kubeconfig'), context: 'try', stop };
}

async function writeKeys(file: (name: string) => string, token: string): Promise<string> {
  const authority = await localAuthority(
    await newLocalAuthority({ commonName: 'api server', algorithm: 'ecdsa-p256' }),
  );
  const { certificate, key } = await requestCertificate(authority, {
    workload: 'kubernetes',
    commonName: 'kube-apiserver',
    dnsNames: ['localhost'],
    usages: ['server auth'],
    algorithm: 'ecdsa-p256',
    durationSeconds: 86_400,
  });
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const mode = 0o600;
  await writeFile(file('tls.crt'), certificate, { mode });
  await writeFile(file('tls.key'), key, { mode });
  await writeFile(file('accounts.key'), privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode });
  await writeFile(file('tokens.csv'), `${token},admin,admin,"system:masters"\n`, { mode });
  return authority.roots;
}

function start(assets: string, program: string, args: readonly string[]): ChildProcess {
  return spawn(path.join(assets, program), args, { stdio: 'ignore' });
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const end = new Promise(resolve => child.once('exit', resolve));
  child.kill('SIGTERM');
  await Promise.race([end, sleep(10_000).then(() => child.kill('SIGKILL'))]);
  await end;
}

async function untilReady(port: number, token: string, ca: string): Promise<void> {
  for (let tries = 0; tries < 240; tries += 1) {
    if (await isReady(port, token, ca)) return;
    await sleep(250);
  }
  throw new Error('the API server does not become ready');
}

function isReady(port: number, token: string, ca: string): Promise<boolean> {
  return new Promise(resolve => {
    const headers = { authorization: `Bearer ${token}` };
    request({ host: 'localhost', port, path: '/readyz', headers, ca }, answer => {
      answer.resume();
      resolve(answer.statusCode === 200);
    })
      .on('error', () => resolve(false))
      .end();
  });
}
