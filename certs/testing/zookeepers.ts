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

/** Where they read their certificate with its key, and their roots. */
export interface QuorumFiles {
  readonly keyStore: string;
  readonly trustStore: string;
}

/** @param files what they read when it changes. @default - files of their own that hold the identity */
export function startZooKeepers(
  { certificate, key, trust }: PartIdentity,
  files?: QuorumFiles,
): Promise<TestZooKeepers> {
  return startJavaParts('zk-1', async ({ at, write, run }) => {
    const ports = () => Promise.all(ADDRESSES.map(() => port()));
    const [client, quorum, election] = [await ports(), await ports(), await ports()];
    await write({ 'both.pem': certificate + key, 'trust.pem': trust });
    const { keyStore, trustStore } = files ?? { keyStore: at('both.pem'), trustStore: at('trust.pem') };
    const servers = ADDRESSES.map((address, index) => [
      `server.${index + 1}`,
      `${address}:${quorum[index]}:${election[index]}`,
    ]);
    for (const [index, address] of ADDRESSES.entries()) {
      const name = `zk-${index + 1}`;
      const settings = properties({
        ...{ dataDir: at(name), tickTime: 500, initLimit: 20, syncLimit: 10, 'admin.enableServer': false },
        ...{ clientPort: client[index] ?? 0, clientPortAddress: address },
        ...{ sslQuorum: true, sslQuorumReloadCertFiles: true, quorumListenOnAllIPs: true },
        ...{ 'ssl.quorum.keyStore.location': keyStore, 'ssl.quorum.keyStore.type': 'PEM' },
        ...{ 'ssl.quorum.trustStore.location': trustStore, 'ssl.quorum.trustStore.type': 'PEM' },
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
