import { mkdir, readFile } from 'node:fs/promises';
import { writeSecretFolder } from '../../platform/edges/secret-folder.js';
import { isOpen, type PartIdentity, port, properties, startJavaParts, until } from './java-parts.js';

/** A real ZooKeeper and a real bookie, both with mutual TLS, as the Pulsar chart configures them. */
export interface TestBookKeeper {
  readonly zookeeper: number;
  readonly bookie: number;
  /** Changes the files of the bookie as the kubelet changes a mounted Secret. */
  readonly renew: (identity: PartIdentity) => Promise<void>;
  readonly stop: () => Promise<void>;
}

export function startBookKeeper({ certificate, key, trust }: PartIdentity): Promise<TestBookKeeper> {
  return startJavaParts('bookie', async ({ at, write, run }) => {
    const [plain, zookeeper, bookie] = await Promise.all([port(), port(), port()]);
    await mkdir(at('zk'));
    const renew = (to: PartIdentity) =>
      writeSecretFolder(at('mounted'), { 'tls.crt': to.certificate, 'tls.key': to.key, 'ca.crt': to.trust });
    await renew({ certificate, key, trust });
    await write({
      'both.pem': certificate + key,
      'trust.pem': trust,
      'zoo.cfg': properties({
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
      'bookie.conf': properties({
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
        tlsKeyStore: at('mounted', 'tls.key'),
        tlsCertificatePath: at('mounted', 'tls.crt'),
        tlsTrustStoreType: 'PEM',
        tlsTrustStore: at('mounted', 'ca.crt'),
        tlsCertFilesRefreshDurationSeconds: 1,
      }),
    });
    run('zookeeper', 'org.apache.zookeeper.server.quorum.QuorumPeerMain', at('zoo.cfg'));
    await until(() => isOpen(zookeeper));
    const shell = ['-conf', at('bookie.conf'), 'metaformat', '-nonInteractive', '-force'];
    const format = run('format', 'org.apache.bookkeeper.bookie.BookieShell', ...shell);
    await new Promise(resolve => format.once('exit', resolve));
    run('bookie', 'org.apache.bookkeeper.server.Main', '--conf', at('bookie.conf'));
    // It listens, and resets, before it serves.
    await until(async () =>
      (await readFile(at('bookie.log'), 'utf8')).includes('Started component bookie-server'),
    );
    return { zookeeper, bookie, renew };
  });
}
