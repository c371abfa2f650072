/**
 * Keys of `configData` that the chart 4.7.0 writes by itself: giving one makes the same key appear twice in the
 * ConfigMap, which Helm accepts and YAML does not. `PULSAR_PREFIX_<key>` overrides most of them instead.
 */
export const RESERVED_CONFIG: Readonly<Record<string, readonly string[]>> = {
  autorecovery: words(`
    httpServerEnabled httpServerPort metadataServiceUri useHostNameAsBookieID zkLedgersRootPath zkServers
    zkTimeout
  `),
  bookkeeper: words(`
    PULSAR_PREFIX_journalDirectories PULSAR_PREFIX_tlsCertFilesRefreshDurationSeconds
    PULSAR_PREFIX_tlsCertificatePath PULSAR_PREFIX_tlsKeyStore PULSAR_PREFIX_tlsKeyStoreType
    PULSAR_PREFIX_tlsProviderFactoryClass PULSAR_PREFIX_tlsTrustStore PULSAR_PREFIX_tlsTrustStoreType
    autoRecoveryDaemonEnabled httpServerEnabled httpServerPort journalDirectories journalMaxBackups
    ledgerDirectories metadataServiceUri useHostNameAsBookieID zkLedgersRootPath zkServers zkTimeout
  `),
  broker: words(`
    PULSAR_PREFIX_bookkeeperTLSCertificateFilePath PULSAR_PREFIX_bookkeeperTLSClientAuthentication
    PULSAR_PREFIX_bookkeeperTLSKeyFilePath PULSAR_PREFIX_bookkeeperTLSKeyFileType
    PULSAR_PREFIX_bookkeeperTLSTrustCertTypes PULSAR_PREFIX_bookkeeperTLSTrustCertsFilePath
    PULSAR_PREFIX_managedLedgerOffloadDeletionLagInMillis PULSAR_PREFIX_managedLedgerOffloadThresholdInBytes
    PULSAR_PREFIX_metadataStoreAllowReadOnlyOperations aggregatePublisherStatsByProducerName
    authenticationEnabled authenticationProviders authorizationEnabled
    bookkeeperClientExposeStatsToPrometheus bookkeeperMetadataServiceUri bookkeeperTLSCertificateFilePath
    bookkeeperTLSClientAuthentication bookkeeperTLSKeyFilePath bookkeeperTLSKeyFileType
    bookkeeperTLSTrustCertTypes bookkeeperTLSTrustCertsFilePath bookkeeperUseV2WireProtocol
    brokerClientAuthenticationParameters brokerClientAuthenticationPlugin brokerServicePortTls clusterName
    exposeBundlesMetricsInPrometheus exposeConsumerLevelMetricsInPrometheus
    exposeManagedCursorMetricsInPrometheus exposeManagedLedgerMetricsInPrometheus
    exposePreciseBacklogInPrometheus exposeProducerLevelMetricsInPrometheus exposePublisherStats
    exposeTopicLevelMetricsInPrometheus functionsWorkerEnabled managedLedgerOffloadDriver
    metadataStoreBatchingEnabled metadataStoreBatchingMaxDelayMillis metadataStoreBatchingMaxOperations
    metadataStoreBatchingMaxSizeKb metadataStoreCacheExpirySeconds metadataStoreOperationTimeoutSeconds
    metadataStoreSessionTimeoutMillis metadataStoreUrl numHttpServerThreads proxyRoles
    replicationMetricsEnabled s3ManagedLedgerOffloadBucket s3ManagedLedgerOffloadMaxBlockSizeInBytes
    s3ManagedLedgerOffloadReadBufferSizeInBytes s3ManagedLedgerOffloadRegion
    splitTopicAndPartitionLabelInPrometheus statusFilePath superUserRoles tlsCertificateFilePath
    tlsKeyFilePath tlsTrustCertsFilePath tokenPublicKey webServicePort webServicePortTls
  `),
  proxy: words(`
    authenticationEnabled authenticationProviders authorizationEnabled brokerClientAuthenticationParameters
    brokerClientAuthenticationPlugin brokerClientTrustCertsFilePath brokerServiceURLTLS
    brokerWebServiceURLTLS clusterName forwardAuthorizationCredentials servicePortTls statusFilePath
    superUserRoles tlsCertRefreshCheckDurationSec tlsCertificateFilePath tlsEnabledInProxy
    tlsEnabledWithBroker tlsKeyFilePath tlsTrustCertsFilePath tokenPublicKey webServicePort
    webServicePortTls
  `),
  toolset: words(`
    BOOKIE_LOG_APPENDER authParams authPlugin brokerServiceUrl httpServerEnabled httpServerPort
    metadataServiceUri tlsAllowInsecureConnection tlsEnableHostnameVerification tlsTrustCertsFilePath
    useHostNameAsBookieID useTls webServiceUrl zkLedgersRootPath zkServers zkTimeout
  `),
  zookeeper: words(`
    PULSAR_PREFIX_dataLogDir PULSAR_PREFIX_secureClientPort PULSAR_PREFIX_serverCnxnFactory dataDir
    secureClientPort serverCnxnFactory
  `),
};

type IsOn = (dotted: string) => boolean;
const AUTHENTICATION = 'auth.authentication.enabled';
const byToken = (on: IsOn) => on(AUTHENTICATION) && on('auth.authentication.jwt.enabled');
const byOpenId = (on: IsOn) => on(AUTHENTICATION) && on('auth.authentication.openid.enabled');
const withTls =
  (...parts: readonly string[]) =>
  (on: IsOn) =>
    on('tls.enabled') && parts.every(part => on(`tls.${part}.enabled`));

/** Which of them (`component.key`) the chart writes only where something is switched on; the others it writes always. */
export const RESERVED_WHEN: readonly (readonly [key: RegExp, when: (on: IsOn) => boolean])[] = [
  [/\.authenticationEnabled$/, on => on(AUTHENTICATION)],
  [/\.authenticationProviders$/, on => byToken(on) || byOpenId(on)],
  [
    /\.(authorizationEnabled|proxyRoles|superUserRoles|forwardAuthorizationCredentials)$/,
    on => on(AUTHENTICATION) && on('auth.authorization.enabled'),
  ],
  [/\.(brokerClientAuthentication\w+|tokenPublicKey|authParams|authPlugin)$/, byToken],
  [
    /^(bookkeeper\.PULSAR_PREFIX_tls|broker\.(PULSAR_PREFIX_)?bookkeeperTLS|broker\.bookkeeperUseV2)/,
    withTls('bookie'),
  ],
  [/^broker\.(brokerServicePortTls|webServicePortTls|tls\w+FilePath)$/, withTls('broker')],
  [
    /^proxy\.(brokerClientTrust\w+|broker(Web)?ServiceURLTLS|tlsCertRefresh\w+|tlsEnabledWithBroker)$/,
    withTls('proxy', 'broker'),
  ],
  [
    /^(proxy\.(servicePortTls|webServicePortTls|tlsEnabledInProxy|tls\w+FilePath)|toolset\.(tls\w+|useTls))$/,
    withTls('proxy'),
  ],
  [/^zookeeper\.\w*secureClientPort$/, withTls('zookeeper')],
  [/^zookeeper\.PULSAR_PREFIX_dataLogDir$/, on => on('zookeeper.volumes.useSeparateDiskForTxlog')],
  [/^broker\.(PULSAR_PREFIX_|s3)?managedLedgerOffload/i, on => on('broker.storageOffload.driver')],
];

/** Values that stand in the chart's own file and that no template reads. */
export const DEAD_VALUES: readonly { readonly path: string; readonly instead: string }[] = [
  { path: 'rbac.enabled', instead: 'nothing: the chart makes its roles where they are needed' },
  { path: 'affinity.type', instead: '<component>.affinity.type' },
  { path: 'tls.oxia', instead: 'nothing: chart 4.7.0 has no TLS for Oxia' },
  { path: 'tls.pulsar_metadata', instead: 'tls.<component>.cacerts' },
  { path: 'oxia.coordinator.podMonitor.interval', instead: 'nothing' },
  { path: 'oxia.coordinator.podMonitor.scrapeTimeout', instead: 'nothing' },
  { path: 'oxia.coordinator.podMonitor.metricRelabelings', instead: 'nothing' },
  { path: 'pulsar_manager.replicaCount', instead: 'nothing: there is always one' },
];

/** Values of which the chart makes the same key twice in one object, whatever is in them. */
export const TWICE_RENDERED = ['pulsar_metadata.nodeSelector'] as const;

/** `podMonitor.customLabels.release` would stand beside the label of the same name that the chart writes. */
export const RESERVED_MONITOR_LABELS = ['app', 'chart', 'release', 'heritage', 'cluster'] as const;

function words(text: string): string[] {
  return text.trim().split(/\s+/);
}
