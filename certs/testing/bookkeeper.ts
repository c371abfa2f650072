import { type ChildProcess, spawn } from 'node:child_process';
import { openSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import getPort from 'get-port';
import { requireJava } from '../../platform/local/install/java.js';
import { partFolders } from '../../platform/local/install/parts.js';

/** A real ZooKeeper and a real bookie, both with mutual TLS, as the Pulsar chart configures them. */
export interface TestBookKeeper {
  readonly zookeeper: number;
  readonly bookie: number;
  readonly stop: () => Promise<void>;
}

export interface TestBookKeeperProps {
  /** PEM, leaf first: what both serve. */
  readonly certificate: string;
  /** PEM, PKCS #8 */
  readonly key: string;
  /** PEM: the roots of their clients. */
  readonly trust: string;
}

const OPENED = [
  'java.base/java.io',
  'java.base/java.nio',
  'java.base/java.util.zip',
  'java.base/jdk.internal.misc',
];

export async function startBookKeeper(props: TestBookKeeperProps): Promise<TestBookKeeper> {
  const folder = await mkdtemp(path.join(tmpdir(), 'bookkeeper-'));
  const at = (name: string) => path.join(folder, name);
  const [plain, zookeeper, bookie] = await Promise.all([port(), port(), port()]);
  await mkdir(at('zk'));
  const files = {
    'cert.pem': props.certificate,
    'key.pem': props.key,
    'both.pem': props.certificate + props.key,
    'trust.pem': props.trust,
    'zoo.cfg': lines({
      dataDir: at('zk'),
      'admin.enableServer': false,
      clientPort: plain,
      clientPortAddress: '127.0.0.1',
      secureClientPort: zookeeper,
      secureClientPortAddress: '127.0.0.1',
      serverCnxnFactory: 'org.apache.zookeeper.server.NettyServerCnxnFactory',
      'ssl.keyStore.location': at('both.pem'),
      'ssl.trustStore.location': at('trust.pem'),
      'ssl.clientAuth': 'need',
      'ssl.protocol': 'TLSv1.3',
    }),
    'bookie.conf': lines({
      bookiePort: bookie,
      advertisedAddress: '127.0.0.1',
      listeningInterface: 'lo',
      allowLoopback: true,
      journalDirectories: at('journal'),
      ledgerDirectories: at('ledgers'),
      metadataServiceUri: `zk+null://127.0.0.1:${plain}/ledgers`,
      diskUsageThreshold: 0.99,
      diskUsageWarnThreshold: 0.98,
      tlsProviderFactoryClass: 'org.apache.bookkeeper.tls.TLSContextFactory',
      tlsClientAuthentication: true,
      tlsKeyStoreType: 'PEM',
      tlsKeyStore: at('key.pem'),
      tlsCertificatePath: at('cert.pem'),
      tlsTrustStoreType: 'PEM',
      tlsTrustStore: at('trust.pem'),
    }),
  };
  await Promise.all(Object.entries(files).map(([name, text]) => writeFile(at(name), text, { mode: 0o600 })));

  const java = await javaFor(folder);
  const running: ChildProcess[] = [];
  const stop = async () => {
    for (const process of running) process.kill('SIGKILL');
    await rm(folder, { recursive: true, force: true });
  };
  try {
    running.push(java('zookeeper', 'org.apache.zookeeper.server.quorum.QuorumPeerMain', at('zoo.cfg')));
    await until(() => isOpen(zookeeper));
    const shell = ['-conf', at('bookie.conf'), 'metaformat', '-nonInteractive', '-force'];
    const format = java('format', 'org.apache.bookkeeper.bookie.BookieShell', ...shell);
    await new Promise(resolve => format.once('exit', resolve));
    running.push(java('bookie', 'org.apache.bookkeeper.server.Main', '--conf', at('bookie.conf')));
    // It listens, and resets, before it serves.
    await until(async () =>
      (await readFile(at('bookie.log'), 'utf8')).includes('Started component bookie-server'),
    );
  } catch (error) {
    const log = await readFile(at('bookie.log'), 'utf8').catch(() => '');
    await stop();
    throw new Error(`BookKeeper did not start: ${log.slice(-2000)}`, { cause: error });
  }
  return { zookeeper, bookie, stop };
}

export async function javaFor(folder: string) {
  const { program } = await requireJava(process.env);
  const flags = ['-Xmx256m', '-XX:TieredStopAtLevel=1', '-Djava.net.preferIPv4Stack=true'];
  const opened = OPENED.flatMap(name => ['--add-opens', `${name}=ALL-UNNAMED`]);
  const classPath = ['-cp', path.join(partFolders().pulsar, 'lib', '*')];
  return (name: string, ...args: string[]) => {
    const log = openSync(path.join(folder, `${name}.log`), 'a');
    return spawn(program, [...flags, ...opened, ...classPath, ...args], {
      cwd: folder,
      stdio: ['ignore', log, log],
    });
  };
}

export function lines(values: Readonly<Record<string, string | number | boolean>>): string {
  return Object.entries(values)
    .map(([key, value]) => `${key}=${value}\n`)
    .join('');
}

export function port(): Promise<number> {
  return getPort({ host: '127.0.0.1' });
}

export function isOpen(wanted: number): Promise<boolean> {
  return new Promise(resolve => {
    const socket = connect(wanted, '127.0.0.1');
    const end = (open: boolean) => {
      socket.destroy();
      resolve(open);
    };
    socket.once('connect', () => end(true)).once('error', () => end(false));
  });
}

export async function until(holds: () => Promise<boolean>): Promise<void> {
  for (let attempt = 0; attempt < 300; attempt += 1) {
    if (await holds()) return;
    await sleep(100);
  }
  throw new Error('it took too long');
}
