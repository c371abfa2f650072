import { toSeconds } from '../../../platform/config/index.js';
import { type ClusterPlan, producersRememberedMinutes, pulsarService } from '../../../platform/plan/index.js';
import type { PulsarValues } from '../catalogue/index.js';
import { budget, memoryFlags, replicated, resources, sizeOf, tier, updateStrategy } from './placement.js';
import { CERTIFICATES, rackConfig, TRUST_FILE, zookeeperClientOptions } from './stores.js';

const TLS_PROTOCOLS = 'TLSv1.3,TLSv1.2';
/** Renewed certificate files are served after at most this time. */
const CERTIFICATE_REFRESH_SECONDS = '60';
/** A frame holds a message of 5 MiB in base64 and its JSON; the default of 1 MiB cuts messages off. */
const WEBSOCKET_FRAME_BYTES = String(8 * 1024 * 1024);

/** What brokers and proxies have alike: TLS with host-name verification and client certificates, both ways. */
function verifiedTls(plan: ClusterPlan, component: string): Record<string, string> {
  const certificate = `${CERTIFICATES}/${component}/tls.crt`;
  const key = `${CERTIFICATES}/${component}/tls.key`;
  return {
    tlsProtocols: TLS_PROTOCOLS,
    webServiceTlsProtocols: TLS_PROTOCOLS,
    PULSAR_PREFIX_tlsCertRefreshCheckDurationSec: CERTIFICATE_REFRESH_SECONDS,
    PULSAR_PREFIX_tlsHostnameVerificationEnabled: 'true',
    PULSAR_PREFIX_tlsRequireTrustedClientCertOnConnect: String(plan.config.tls.mutual),
    PULSAR_PREFIX_brokerClientCertificateFilePath: certificate,
    PULSAR_PREFIX_brokerClientKeyFilePath: key,
    // The embedded WebSocket service and replication read these instead of the two above.
    PULSAR_PREFIX_brokerClient_tlsCertificateFilePath: certificate,
    PULSAR_PREFIX_brokerClient_tlsKeyFilePath: key,
    PULSAR_PREFIX_brokerClient_tlsHostnameVerificationEnable: 'true',
    // Of the admin client inside of a broker, by way of which namespaces are deleted.
    PULSAR_PREFIX_brokerClient_autoCertRefreshSeconds: CERTIFICATE_REFRESH_SECONDS,
  };
}

export function brokerValues(plan: ClusterPlan): PulsarValues {
  const size = sizeOf(plan, 'broker');
  const { quorum, websocket } = plan.config.pulsar;
  return {
    broker: {
      ...replicated(plan, 'broker'),
      updateStrategy: updateStrategy(plan),
      podManagementPolicy: 'Parallel',
      pdb: budget(size),
      statefulsetUpgrade: { enabled: false },
      configData: {
        PULSAR_MEM: memoryFlags(size),
        managedLedgerCacheSizeMB: String(size.caches?.['managedLedger'] ?? ''),
        managedLedgerDefaultEnsembleSize: String(quorum.ensemble),
        managedLedgerDefaultWriteQuorum: String(quorum.write),
        managedLedgerDefaultAckQuorum: String(quorum.ack),
        ...rackConfig(plan),
        // The image's default would keep 6650 open in plain.
        brokerServicePort: '',
        ...verifiedTls(plan, 'broker'),
        brokerClientTlsEnabled: 'true',
        brokerClientTrustCertsFilePath: TRUST_FILE,
        PULSAR_PREFIX_bookkeeper_tlsHostnameVerificationEnabled: 'true',
        // Topics are declared; none is made or deleted by itself.
        allowAutoTopicCreation: 'false',
        brokerDeleteInactiveTopicsEnabled: 'false',
        brokerDeduplicationProducerInactivityTimeoutMinutes: String(
          producersRememberedMinutes(plan.namespaces),
        ),
        ...(websocket === 'broker' && websocketConfig()),
      },
      ...(plan.config.pulsar.tieredStorage.kind === 's3' && { storageOffload: offload(plan) }),
    },
  };
}

function offload(plan: ClusterPlan) {
  const { tieredStorage } = plan.config.pulsar;
  if (tieredStorage.kind !== 's3') return {};
  return {
    driver: 'aws-s3',
    bucket: plan.names.bucket('ledgers'),
    region: plan.region,
    managedLedgerOffloadAutoTriggerSizeThresholdBytes: String(tieredStorage.thresholdMiB * 1024 * 1024),
    managedLedgerOffloadDeletionLagMs: String(toSeconds(tieredStorage.deletionLag) * 1000),
  };
}

function websocketConfig(): Record<string, string> {
  return {
    webSocketServiceEnabled: 'true',
    PULSAR_PREFIX_webSocketMaxTextFrameSize: WEBSOCKET_FRAME_BYTES,
  };
}

export function proxyValues(plan: ClusterPlan): PulsarValues {
  const size = sizeOf(plan, 'proxy');
  return {
    proxy: {
      ...replicated(plan, 'proxy'),
      updateStrategy: updateStrategy(plan),
      pdb: budget(size),
      // Both would wait by a plain ZooKeeper port, or for nothing.
      waitZookeeperTimeout: 0,
      waitBrokerTimeout: 0,
      // One port inside and outside of its Service, so that a policy and a URL name the same.
      ports: { https: 8443 },
      service: { type: 'ClusterIP' },
      configData: {
        PULSAR_MEM: memoryFlags(size),
        servicePort: '',
        ...verifiedTls(plan, 'proxy'),
        // Prometheus has no token; the port is fenced by policy.
        authenticateMetricsEndpoint: 'false',
        ...(plan.config.pulsar.websocket === 'proxy' && proxyWebsocket(plan)),
      },
    },
  };
}

/**
 * The chart switches authorization off in the proxy, since brokers check again what it forwards. But its WebSocket
 * gateway produces and consumes as the proxy itself, a super user: any valid token would reach any topic. With
 * authorization on, it looks grants up in the metadata store.
 */
function proxyWebsocket(plan: ClusterPlan): Record<string, string> {
  const oxia = plan.config.pulsar.metadata.kind === 'oxia';
  const store = oxia
    ? `oxia://${pulsarService('oxia')}-svc:6648/broker`
    : `zk:${pulsarService('zookeeper')}:2281`;
  return {
    ...websocketConfig(),
    PULSAR_PREFIX_authorizationEnabled: 'true',
    metadataStoreUrl: store,
    configurationMetadataStoreUrl: store,
    ...(!oxia && { PULSAR_EXTRA_OPTS: zookeeperClientOptions('proxy') }),
  };
}

export function toolsetValues(plan: ClusterPlan): PulsarValues {
  const size = sizeOf(plan, 'toolset');
  return {
    toolset: {
      replicaCount: size.replicas.min,
      useProxy: false,
      resources: resources(size),
      restartPodsOnConfigMapChange: true,
      nodeSelector: tier(size).nodeSelector,
      configData: {
        // The chart writes "false" under the plain name.
        PULSAR_PREFIX_tlsEnableHostnameVerification: 'true',
        tlsCertificateFilePath: `${CERTIFICATES}/toolset/tls.crt`,
        tlsKeyFilePath: `${CERTIFICATES}/toolset/tls.key`,
      },
    },
  };
}
