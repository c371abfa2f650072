import { mkdir } from 'node:fs/promises';
import { isOpen, type PartIdentity, port, properties, startJavaParts, until } from './java-parts.js';

/** Three real ZooKeepers that elect a leader over mutual TLS, each at an address of its own of this machine. */
export interface TestZooKeepers {
  /** Of each: the port of its elections. */
  readonly election: readonly number[];
  /** Of each: the port at which others follow it, while it leads. */
  readonly quorum: readonly number[];
  readonly stop: () => Promise<void>;
}

/** Where they are; their certificate must have these. */
export const ADDRESSES = ['127.0.0.2', '127.0.0.3', '127.0.0.4'];

export function startZooKeepers({ certificate, key, trust }: PartIdentity): Promise<TestZooKeepers> {
  return startJavaParts('zk-1', async ({ at, write, run }) => {
    const ports = () => Promise.all(ADDRESSES.map(() => port()));
    const [client, quorum, election] = [await ports(), await ports(), await ports()];
    await write({ 'both.pem': certificate + key, 'trust.pem': trust });
    const servers = ADDRESSES.map((address, index) => [
      `server.${index + 1}`,
      `${address}:${quorum[index]}:${election[index]}`,
    ]);
    for (const [index, address] of ADDRESSES.entries()) {
      const name = `zk-${index + 1}`;
      const settings = properties({
        ...{ dataDir: at(name), tickTime: 500, initLimit: 20, syncLimit: 10, 'admin.enableServer': false },
        ...{ clientPort: client[index] ?? 0, clientPortAddress: address },
        ...{ sslQuorum: true, quorumListenOnAllIPs: true },
        ...{ 'ssl.quorum.keyStore.location': at('both.pem'), 'ssl.quorum.keyStore.type': 'PEM' },
        ...{ 'ssl.quorum.trustStore.location': at('trust.pem'), 'ssl.quorum.trustStore.type': 'PEM' },
        ...Object.fromEntries(servers),
      });
      await mkdir(at(name));
      await write({ [`${name}/myid`]: String(index + 1), [`${name}.cfg`]: settings });
      run(name, 'org.apache.zookeeper.server.quorum.QuorumPeerMain', at(`${name}.cfg`));
    }
    await until(async () => (await Promise.all(quorum.map(isOpen))).includes(true));
    return { election, quorum };
  });
}
