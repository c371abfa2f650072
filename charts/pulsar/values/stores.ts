import { type ClusterPlan, racksMatter, type Size } from '../../../platform/plan/index.js';
import type { PulsarValues } from '../catalogue/index.js';
import {
  affinity,
  budget,
  memoryFlags,
  placement,
  replicated,
  resources,
  sizeOf,
  tier,
  updateStrategy,
} from './placement.js';
import { quorumCertificates } from './quorum-certificates.js';

export const CERTIFICATES = '/pulsar/certs';
export const TRUST_FILE = `${CERTIFICATES}/ca/ca.crt`;

/** JVM options by which a ZooKeeper client speaks TLS with the certificate of a component. */
export function zookeeperClientOptions(component: string): string {
  return [
    '-Dzookeeper.clientCnxnSocket=org.apache.zookeeper.ClientCnxnSocketNetty',
    '-Dzookeeper.client.secure=true',
    '-Dzookeeper.client.certReload=true',
    `-Dzookeeper.ssl.keyStore.location=${CERTIFICATES}/${component}/tls-combined.pem`,
    '-Dzookeeper.ssl.keyStore.type=PEM',
    `-Dzookeeper.ssl.trustStore.location=${TRUST_FILE}`,
    '-Dzookeeper.ssl.trustStore.type=PEM',
  ].join(' ');
}

function volume(size: Size, name: string) {
  const found = size.volumes.find(candidate => candidate.name === name);
  if (found === undefined) throw new RangeError(`${size.workload} has no volume ${name}`);
  return { name, size: `${found.sizeGiB}Gi`, storageClassName: found.storageClass, local_storage: false };
}

export function metadataValues(plan: ClusterPlan): PulsarValues {
  return plan.config.pulsar.metadata.kind === 'zookeeper' ? zookeeperValues(plan) : oxiaValues(plan);
}

function zookeeperValues(plan: ClusterPlan): PulsarValues {
  const size = sizeOf(plan, 'zookeeper');
  const { command, options, ...volumes } = quorumCertificates(CERTIFICATES);
  return {
    zookeeper: {
      ...replicated(plan, 'zookeeper'),
      updateStrategy: updateStrategy(plan),
      podManagementPolicy: 'Parallel',
      volumes: { persistence: true, data: volume(size, 'data') },
      pdb: budget(size),
      // Its hook deletes a StatefulSet, and `helm template` prints it for whoever applies without Helm.
      statefulsetUpgrade: { enabled: false },
      // `clientPort=0` would open a random port in plain, and a JVM option does not switch the admin server off.
      additionalCommand: `sed -i -e '/^clientPort=/d' -e 's/^admin.enableServer=.*/admin.enableServer=false/' conf/zookeeper.conf; ${command}`,
      ...volumes,
      configData: {
        PULSAR_MEM: memoryFlags(size),
        PULSAR_PREFIX_sslQuorum: 'true',
        PULSAR_PREFIX_sslQuorumReloadCertFiles: 'true',
        // Else they listen for each other at the pod's own address alone, and no forwarded port leads there for an audit.
        PULSAR_PREFIX_quorumListenOnAllIPs: 'true',
        OPTS: options.join(' '),
      },
    },
  };
}

function oxiaValues(plan: ClusterPlan): PulsarValues {
  const size = sizeOf(plan, 'oxia');
  const { metadata } = plan.config.pulsar;
  const [disk] = size.volumes;
  const monitored = { podMonitor: { enabled: plan.config.observability.kind !== 'none' } };
  const { priorityClassName, topologySpreadConstraints } = placement(size, 'oxia-server');
  return {
    oxia: {
      initialShardCount: metadata.kind === 'oxia' ? metadata.shards : 1,
      replicationFactor: Math.min(3, size.replicas.min),
      coordinator: { ...monitored, ...tier(size), priorityClassName },
      server: {
        ...monitored,
        ...tier(size),
        priorityClassName,
        topologySpreadConstraints,
        affinity: affinity(size),
        replicas: size.replicas.min,
        cpuLimit: size.cpu,
        memoryLimit: `${size.memoryMiB}Mi`,
        dbCacheSizeMb: Math.floor(size.memoryMiB / 2),
        storageSize: `${disk?.sizeGiB ?? 1}Gi`,
        ...(disk && { storageClassName: disk.storageClass }),
      },
    },
  };
}

export function bookkeeperValues(plan: ClusterPlan): PulsarValues {
  const size = sizeOf(plan, 'bookie');
  return {
    bookkeeper: {
      ...replicated(plan, 'bookie'),
      updateStrategy: updateStrategy(plan),
      podManagementPolicy: 'Parallel',
      volumes: { persistence: true, journal: volume(size, 'journal'), ledgers: volume(size, 'ledgers') },
      pdb: budget(size),
      configData: {
        PULSAR_MEM: memoryFlags(size),
        PULSAR_PREFIX_dbStorage_writeCacheMaxSizeMb: String(size.caches?.['write'] ?? ''),
        PULSAR_PREFIX_dbStorage_readAheadCacheMaxSizeMb: String(size.caches?.['read'] ?? ''),
        // A bookie takes plaintext clients beside TLS ones unless it reads roles from their certificates.
        PULSAR_PREFIX_tlsClientAuthentication: 'true',
        PULSAR_PREFIX_bookieAuthProviderFactoryClass: 'org.apache.bookkeeper.tls.BookieAuthZFactory',
        PULSAR_PREFIX_authorizedRoles: 'pulsar',
      },
    },
  };
}

export function recoveryValues(plan: ClusterPlan): PulsarValues {
  const size = sizeOf(plan, 'recovery');
  const certificate = `${CERTIFICATES}/autorecovery`;
  return {
    autorecovery: {
      ...replicated(plan, 'recovery'),
      configData: {
        BOOKIE_MEM: memoryFlags(size),
        PULSAR_PREFIX_useV2WireProtocol: 'false',
        PULSAR_PREFIX_tlsProviderFactoryClass: 'org.apache.bookkeeper.tls.TLSContextFactory',
        PULSAR_PREFIX_tlsClientAuthentication: 'true',
        PULSAR_PREFIX_tlsHostnameVerificationEnabled: 'true',
        PULSAR_PREFIX_tlsCertificatePath: `${certificate}/tls.crt`,
        PULSAR_PREFIX_tlsKeyStore: `${certificate}/tls.key`,
        PULSAR_PREFIX_tlsKeyStoreType: 'PEM',
        PULSAR_PREFIX_tlsTrustStore: TRUST_FILE,
        PULSAR_PREFIX_tlsTrustStoreType: 'PEM',
        PULSAR_PREFIX_tlsCertFilesRefreshDurationSeconds: '300',
      },
    },
  };
}

/** Init jobs, and the resources of init containers. */
export function initialisationValues(): PulsarValues {
  return {
    pulsar_metadata: { resources: resources({ cpu: 0.1, memoryMiB: 512 }) },
    bookkeeper: { metadata: { resources: resources({ cpu: 0.1, memoryMiB: 512 }) } },
    initContainer: { resources: resources({ cpu: 0.1, memoryMiB: 384 }) },
  };
}

/** The placement policy that BookKeeper's client follows, where there is more than one zone. */
export function rackConfig(plan: ClusterPlan): Record<string, string> {
  if (!racksMatter(plan.config)) return {};
  return {
    bookkeeperClientRackawarePolicyEnabled: 'true',
    bookkeeperClientMinNumRacksPerWriteQuorum: '2',
    // Else both acknowledged copies of a message may lie in one zone: placement asks only the write set to span two.
    PULSAR_PREFIX_bookkeeper_enforceMinNumFaultDomainsForWrite: String(plan.config.pulsar.quorum.write > 1),
  };
}
