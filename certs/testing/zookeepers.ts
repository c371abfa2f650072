import type { ChildProcess } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { isOpen, javaFor, lines, port, type TestBookKeeperProps, until } from './bookkeeper.js';

/** Three real ZooKeepers that elect a leader over mutual TLS, each at an address of its own of this machine. */
export interface TestZooKeepers {
  /** Their addresses, which their certificate must have. */
  readonly addresses: readonly string[];
  /** Of each: the port of its elections. */
  readonly election: readonly number[];
  /** Of each: the port at which others follow it, while it leads. */
  readonly quorum: readonly number[];
  readonly stop: () => Promise<void>;
}

export const ADDRESSES = ['127.0.0.2', '127.0.0.3', '127.0.0.4'];

export async function startZooKeepers(props: TestBookKeeperProps): Promise<TestZooKeepers> {
  const folder = await mkdtemp(path.join(tmpdir(), 'zookeepers-'));
  const at = (...names: readonly string[]) => path.join(folder, ...names);
  const ports = () => Promise.all(ADDRESSES.map(port));
  const [client, quorum, election] = [await ports(), await ports(), await ports()];
  await writeFile(at('both.pem'), props.certificate + props.key, { mode: 0o600 });
  await writeFile(at('trust.pem'), props.trust);
  const servers = ADDRESSES.map((address, index) => [
    `server.${index + 1}`,
    `${address}:${quorum[index]}:${election[index]}`,
  ]);
  const java = await javaFor(folder);
  const running: ChildProcess[] = [];
  const stop = async () => {
    for (const process of running) process.kill('SIGKILL');
    await rm(folder, { recursive: true, force: true });
  };
  try {
    for (const [index, address] of ADDRESSES.entries()) {
      const name = `zk-${index + 1}`;
      await mkdir(at(name));
      await writeFile(at(name, 'myid'), String(index + 1));
      const settings = {
        ...{ dataDir: at(name), tickTime: 500, initLimit: 20, syncLimit: 10, 'admin.enableServer': false },
        ...{ clientPort: client[index] ?? 0, clientPortAddress: address },
        ...{ sslQuorum: true, quorumListenOnAllIPs: true },
        ...{ 'ssl.quorum.keyStore.location': at('both.pem'), 'ssl.quorum.keyStore.type': 'PEM' },
        ...{ 'ssl.quorum.trustStore.location': at('trust.pem'), 'ssl.quorum.trustStore.type': 'PEM' },
        ...Object.fromEntries(servers),
      };
      await writeFile(at(`${name}.cfg`), lines(settings as Record<string, string>));
      running.push(java(name, 'org.apache.zookeeper.server.quorum.QuorumPeerMain', at(`${name}.cfg`)));
    }
    await until(async () => (await Promise.all(quorum.map(isOpen))).includes(true));
  } catch (error) {
    const log = await readFile(at('zk-1.log'), 'utf8').catch(() => '');
    await stop();
    throw new Error(`ZooKeeper did not start: ${log.slice(-2000)}`, { cause: error });
  }
  return { addresses: ADDRESSES, election, quorum, stop };
}
