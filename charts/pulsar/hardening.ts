import type { ClusterPlan } from '../../platform/plan/index.js';
import type { ValuePath } from '../helm/shape.js';

/** A hole that the Pulsar chart leaves with every TLS switch on, and what closes it. */
export interface Hardening {
  readonly id: string;
  /** What is open, and what that means. */
  readonly hole: string;
  /** What closes it, in words. */
  readonly closedBy: string;
  /** Values that close it: an override of one of them opens it again. */
  readonly values: readonly string[];
  /** Title of the test that shows it, word by word. */
  readonly test: string;
  /** Where the hole is known from. */
  readonly source?: string;
  /** @default - always */
  readonly when?: (plan: ClusterPlan) => boolean;
}

const zookeeperRuns = ({ config }: ClusterPlan) => config.pulsar.metadata.kind === 'zookeeper';
const websocketAtProxy = ({ config }: ClusterPlan) => config.pulsar.websocket === 'proxy';

/** docs/security.md is made from this table; `pulsar.values` that undo a row are refused. */
export const HARDENING: readonly Hardening[] = [
  {
    id: 'plain-6650',
    hole: 'broker and proxy pods listen on 6650 in plain, by the default of the image, and the broker Service names the port',
    closedBy: 'empty ports, and `tls.function_instance.enabled` even without functions',
    values: [
      'broker.configData.brokerServicePort',
      'proxy.configData.servicePort',
      'tls.function_instance.enabled',
    ],
    test: 'no plain port is left in any Service or container but the listed ones',
  },
  {
    id: 'plain-8080',
    hole: 'broker and proxy answer on 8080 in plain: admin API, WebSocket and metrics; the probes of the chart need it',
    closedBy: 'NetworkPolicy: Prometheus and kubelet only',
    values: [],
    test: 'let nobody but Prometheus reach a plain listener',
  },
  {
    id: 'bookie-plaintext',
    hole: 'bookies take plaintext clients and write for them, also when TLS clients must present a certificate',
    closedBy:
      'BookieAuthZFactory with `authorizedRoles`, and the role in the OU of the certificates of brokers, bookies and recovery, by a patch',
    values: [
      'bookkeeper.configData.PULSAR_PREFIX_tlsClientAuthentication',
      'bookkeeper.configData.PULSAR_PREFIX_bookieAuthProviderFactoryClass',
      'bookkeeper.configData.PULSAR_PREFIX_authorizedRoles',
    ],
    test: 'gives the certificates of brokers, bookies and recovery the OU that bookies ask for',
  },
  {
    id: 'zookeeper-2181',
    hole: 'ZooKeeper listens on 2181 in plain and its admin server on 9990',
    closedBy: 'both are taken out of its configuration before it starts',
    values: ['zookeeper.additionalCommand'],
    test: 'takes the plain client port and the admin server out of the configuration of ZooKeeper',
    when: zookeeperRuns,
  },
  {
    id: 'zookeeper-quorum',
    hole: 'ZooKeepers talk to each other in plain on 2888 and 3888',
    closedBy: '`sslQuorum` with the certificate of the pod',
    values: ['zookeeper.configData.PULSAR_PREFIX_sslQuorum', 'zookeeper.configData.OPTS'],
    test: 'takes the plain client port and the admin server out of the configuration of ZooKeeper',
    when: zookeeperRuns,
  },
  {
    id: 'zookeeper-renewal',
    hole: 'ZooKeepers serve each other the certificate of their start until it ends: a mounted Secret changes without an event that ZooKeeper 3.9.4 knows',
    closedBy:
      '`sslQuorumReloadCertFiles`, and copies in memory that are renamed into place when the Secret has changed',
    values: [
      'zookeeper.additionalCommand',
      'zookeeper.configData.PULSAR_PREFIX_sslQuorumReloadCertFiles',
      'zookeeper.configData.OPTS',
      'zookeeper.extraVolumes',
      'zookeeper.extraVolumeMounts',
    ],
    test: 'has ZooKeepers read copies of their certificate, since they would not take notice of a changed Secret',
    when: zookeeperRuns,
  },
  {
    id: 'recovery-plaintext',
    hole: 'autorecovery dials bookies without TLS, and with a protocol version that has none',
    closedBy: 'TLS settings of its own, and wire protocol 3',
    values: [
      'autorecovery.configData.PULSAR_PREFIX_useV2WireProtocol',
      'autorecovery.configData.PULSAR_PREFIX_tlsProviderFactoryClass',
      'autorecovery.configData.PULSAR_PREFIX_tlsClientAuthentication',
      'autorecovery.configData.PULSAR_PREFIX_tlsCertificatePath',
    ],
    test: 'give autorecovery TLS to the bookies',
  },
  {
    id: 'host-names',
    hole: 'no client inside verifies the host name of whom it dials: any certificate of the same authority can stand in',
    closedBy:
      'verification switched on for broker, proxy, toolset, autorecovery and the BookKeeper client of the broker',
    values: [
      'broker.configData.PULSAR_PREFIX_tlsHostnameVerificationEnabled',
      'broker.configData.PULSAR_PREFIX_brokerClient_tlsHostnameVerificationEnable',
      'broker.configData.PULSAR_PREFIX_bookkeeper_tlsHostnameVerificationEnabled',
      'proxy.configData.PULSAR_PREFIX_tlsHostnameVerificationEnabled',
      'proxy.configData.PULSAR_PREFIX_brokerClient_tlsHostnameVerificationEnable',
      'autorecovery.configData.PULSAR_PREFIX_tlsHostnameVerificationEnabled',
      'toolset.configData.PULSAR_PREFIX_tlsEnableHostnameVerification',
    ],
    test: 'verify host names on every hop inside',
    source: 'https://github.com/apache/pulsar/issues/9872',
  },
  {
    id: 'broker-client-plaintext',
    hole: 'the client inside a broker that dials other brokers does so in plain',
    closedBy: '`brokerClientTlsEnabled` with trust and certificate',
    values: ['broker.configData.brokerClientTlsEnabled', 'broker.configData.brokerClientTrustCertsFilePath'],
    test: 'verify host names on every hop inside',
  },
  {
    id: 'client-certificates',
    hole: 'a stolen token is enough: no client of broker or proxy must present a certificate',
    closedBy: '`tlsRequireTrustedClientCertOnConnect`, with certificates for the clients inside',
    values: [
      'broker.configData.PULSAR_PREFIX_tlsRequireTrustedClientCertOnConnect',
      'proxy.configData.PULSAR_PREFIX_tlsRequireTrustedClientCertOnConnect',
      'proxy.configData.PULSAR_PREFIX_brokerClientCertificateFilePath',
    ],
    test: 'demand client certificates of brokers and proxies, unless the config says otherwise',
    when: ({ config }) => config.tls.mutual,
  },
  {
    id: 'websocket-authorization',
    hole: 'the WebSocket gateway of the proxy lets any valid token, with no grant at all, read and write any topic',
    closedBy: 'authorization switched on in the proxy, which looks grants up in the metadata store over TLS',
    values: ['proxy.configData.PULSAR_PREFIX_authorizationEnabled', 'proxy.configData.metadataStoreUrl'],
    test: 'authorizes WebSocket clients of the proxy, and serves nobody where it is off',
    source: 'https://github.com/apache/pulsar-helm-chart/issues/144',
    when: websocketAtProxy,
  },
  {
    id: 'proxy-waits-plain',
    hole: 'an init container of the proxy asks ZooKeeper on 2181',
    closedBy: '`proxy.waitZookeeperTimeout: 0`',
    values: ['proxy.waitZookeeperTimeout'],
    test: 'no plain port is left in any Service or container but the listed ones',
  },
  {
    id: 'old-protocols',
    hole: 'the versions of TLS are what Java offers',
    closedBy: 'TLS 1.3 and 1.2 only, on the binary and the web port',
    values: [
      'broker.configData.tlsProtocols',
      'broker.configData.webServiceTlsProtocols',
      'proxy.configData.tlsProtocols',
      'proxy.configData.webServiceTlsProtocols',
    ],
    test: 'offer TLS 1.3 and 1.2 only, and make no topic by itself',
  },
  {
    id: 'generated-tokens',
    hole: 'the chart generates keys and tokens by a hook that can read and write every Secret of the namespace',
    closedBy: 'Secrets that are given, and the private key that signs tokens in no pod',
    values: [
      'auth.authentication.enabled',
      'auth.authentication.jwt.enabled',
      'auth.authentication.jwt.usingSecretKey',
      'auth.authentication.jwt.generateSecrets.enabled',
      'auth.authorization.enabled',
    ],
    test: 'mounts only Secrets that the plan supplies',
    source: 'https://github.com/apache/pulsar-helm-chart/issues/672',
  },
  {
    id: 'tls-switches',
    hole: 'every TLS switch of the chart is off by default',
    closedBy: 'all of them on, with certificates of the platform',
    values: [
      'tls.enabled',
      'tls.proxy.enabled',
      'tls.broker.enabled',
      'tls.bookie.enabled',
      'tls.zookeeper.enabled',
      'certs.internal_issuer.enabled',
      'certs.issuers.ca.secretName',
    ],
    test: 'asks for every certificate with the names that are dialled',
  },
  {
    id: 'pulsar-manager',
    hole: 'Pulsar Manager keeps an admin token in a database behind a password in plain HTTP',
    closedBy: 'it is off',
    values: ['components.pulsar_manager'],
    test: 'leaves out Pulsar Manager, functions and the bundled monitoring',
  },
  {
    id: 'auto-topics',
    hole: 'whoever may produce makes topics by a misspelt name',
    closedBy: '`allowAutoTopicCreation: false`; topics are declared in the plan',
    values: ['broker.configData.allowAutoTopicCreation'],
    test: 'offer TLS 1.3 and 1.2 only, and make no topic by itself',
  },
  {
    id: 'one-zone-acks',
    hole: 'both acknowledged copies of a message may lie in one zone, so that its loss loses acknowledged messages',
    closedBy: '`enforceMinNumFaultDomainsForWrite` and racks set from the zones of the nodes',
    values: [
      'broker.configData.PULSAR_PREFIX_bookkeeper_enforceMinNumFaultDomainsForWrite',
      'broker.configData.bookkeeperClientMinNumRacksPerWriteQuorum',
    ],
    test: 'wait for copies in two zones, where there are two',
    source: 'https://github.com/apache/pulsar/issues/20918',
    when: ({ config }) => config.nodes.stateful.zones.length > 1 && config.pulsar.quorum.write > 1,
  },
  {
    id: 'api-tokens',
    hole: 'every pod of the chart holds a token of the Kubernetes API that it never uses',
    closedBy: '`automountServiceAccountToken: false`, by a patch',
    values: [],
    test: 'mounts no token of the Kubernetes API, but where it is asked',
  },
];

export function valuePath(dotted: string): ValuePath {
  return dotted.split('.');
}
