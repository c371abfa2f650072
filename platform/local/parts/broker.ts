import { createHash } from 'node:crypto';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Plan, producersRememberedMinutes, tokenIssuer } from '../../plan/index.js';
import { portOf } from '../endpoints.js';
import type { StateFolder } from '../state-folder.js';
import { tokenPublicKeyFile } from '../tokens.js';
import { commonFlags, openedModules, propertyLines } from './java-process.js';
import type { Machine, Part } from './part.js';

const NAME = 'broker';
/** Largest message that Pulsar takes by default; a WebSocket frame holds it in base64 and its JSON. */
const MAX_MESSAGE_BYTES = 5 * 1024 * 1024;
const MAX_FRAME_BYTES = 8 * 1024 * 1024;
const CERTIFICATE_REFRESH_SECONDS = 2;
const KEYS_REFRESH_SECONDS = 2;
const TLS_PROTOCOLS = 'TLSv1.3,TLSv1.2';

const AUTHENTICATION = 'org.apache.pulsar.broker.authentication';

export interface BrokerProps {
  /**
   * A client that shows no token is the role that its certificate names. For clients that can carry one or the other
   * only; mutual TLS stays.
   * @default false
   */
  readonly certificateRoles?: boolean;
  /** Compiles for speed, as a broker in a cluster does, instead of for a quick start. @default false */
  readonly optimized?: boolean;
}

/** Pulsar standalone: broker, bookie and metadata in one JVM; TLS listeners only. */
export function brokerPart(
  plan: Plan,
  folder: StateFolder,
  machine: Machine,
  { certificateRoles = false, optimized = false }: BrokerProps = {},
): Part {
  const conf = propertyLines({
    ...listeners(plan),
    ...tls(folder),
    ...access(plan, folder, certificateRoles),
    ...storage(plan, machine),
  });
  const logging = propertyLines(LOGGING);
  const files = { conf: folder.config('broker.conf'), logging: folder.config('broker-log4j2.properties') };
  const data = folder.data(NAME);
  return {
    process: {
      name: NAME,
      command: machine.java.program,
      args: [
        '-Xms256m',
        '-Xmx512m',
        '-XX:MaxDirectMemorySize=512m',
        ...commonFlags(machine, path.join(data, 'tmp'), optimized),
        ...openedModules(),
        '-Djute.maxbuffer=10485760',
        '-Dio.netty.tryReflectionSetAccessible=true',
        '-Dlog4j2.is.webapp=false',
        `-Dlog4j.configurationFile=${files.logging}`,
        '-cp',
        path.join(machine.pulsar, 'lib', '*'),
        'org.apache.pulsar.PulsarStandaloneStarter',
        ...['--config', files.conf],
        ...['--advertised-address', 'localhost'],
        ...['--bookkeeper-dir', path.join(data, 'bookkeeper')],
        ...['--bookkeeper-port', String(bookiePort(plan))],
        // Pulsar puts it into a URI as it is, and does not start where that is none.
        ...['--metadata-dir', path.join(folder.uriRoot, path.relative(folder.root, data), 'metadata')],
        '--no-functions-worker',
        '--no-stream-storage',
      ],
      // RocksDB would leave a copy of its library in the temporary folder after each kill.
      env: { ...machine.env, ROCKSDB_SHAREDLIB_DIR: path.join(data, 'tmp') },
      cwd: data,
      log: folder.log(NAME),
      layer: 0,
      stopSeconds: 15,
      revision: createHash('sha256').update(conf).update(logging).digest('hex'),
    },
    files: { [files.conf]: conf, [files.logging]: logging },
    folders: [path.join(data, 'tmp')],
  };
}

function bookiePort(plan: Plan): number {
  return plan.plainListeners.find(({ workload }) => workload === NAME)?.port ?? 0;
}

function listeners(plan: Plan) {
  return {
    clusterName: 'standalone',
    bindAddress: '127.0.0.1',
    brokerServicePort: '',
    webServicePort: '',
    brokerServicePortTls: portOf(plan, 'broker/pulsar+ssl'),
    webServicePortTls: portOf(plan, 'broker/https'),
    webSocketServiceEnabled: true,
    webSocketMaxTextFrameSize: MAX_FRAME_BYTES,
    maxMessageSize: MAX_MESSAGE_BYTES,
  };
}

function tls(folder: StateFolder) {
  const at = (file: string) => path.join(folder.certificate(NAME), file);
  return {
    tlsEnabled: true,
    tlsCertificateFilePath: at('tls.crt'),
    tlsKeyFilePath: at('tls.key'),
    tlsTrustCertsFilePath: at('ca.crt'),
    tlsRequireTrustedClientCertOnConnect: true,
    tlsAllowInsecureConnection: false,
    tlsHostnameVerificationEnabled: true,
    tlsProtocols: TLS_PROTOCOLS,
    webServiceTlsProtocols: TLS_PROTOCOLS,
    tlsCertRefreshCheckDurationSec: CERTIFICATE_REFRESH_SECONDS,
    brokerClientTlsEnabled: true,
    brokerClientTrustCertsFilePath: at('ca.crt'),
    brokerClientCertificateFilePath: at('tls.crt'),
    brokerClientKeyFilePath: at('tls.key'),
    // The embedded WebSocket service reads these instead of the two above.
    brokerClient_tlsCertificateFilePath: at('tls.crt'),
    brokerClient_tlsKeyFilePath: at('tls.key'),
    brokerClient_tlsHostnameVerificationEnable: true,
    // Its admin client, too, trusts a new root at once: namespaces are deleted by way of it.
    brokerClient_autoCertRefreshSeconds: CERTIFICATE_REFRESH_SECONDS,
  };
}

function access(plan: Plan, folder: StateFolder, certificateRoles: boolean) {
  const superUsers = plan.roles.filter(({ superUser }) => superUser).map(({ name }) => name);
  return {
    authenticationEnabled: true,
    // Two take tokens. The first knows one key, and needs nobody; the second asks the key server for the others.
    authenticationProviders: [
      `${AUTHENTICATION}.AuthenticationProviderToken`,
      `${AUTHENTICATION}.oidc.AuthenticationProviderOpenID`,
      ...(certificateRoles ? [`${AUTHENTICATION}.AuthenticationProviderTls`] : []),
    ].join(','),
    tokenPublicKey: pathToFileURL(tokenPublicKeyFile(folder)).href,
    openIDAllowedTokenIssuers: tokenIssuer(plan),
    openIDAllowedAudiences: plan.name,
    openIDTokenIssuerTrustCertsFilePath: path.join(folder.certificate(NAME), 'ca.crt'),
    openIDCacheRefreshAfterWriteSeconds: KEYS_REFRESH_SECONDS,
    openIDKeyIdCacheMissRefreshSeconds: KEYS_REFRESH_SECONDS,
    // So long tokens are taken though the key server is away.
    openIDCacheExpirationSeconds: 86_400,
    authorizationEnabled: true,
    superUserRoles: superUsers.join(','),
    brokerClientAuthenticationPlugin: 'org.apache.pulsar.client.impl.auth.AuthenticationToken',
    brokerClientAuthenticationParameters: pathToFileURL(folder.token(NAME)).href,
    allowAutoTopicCreation: false,
  };
}

function storage(plan: Plan, { loopback }: Machine) {
  return {
    managedLedgerDefaultEnsembleSize: 1,
    managedLedgerDefaultWriteQuorum: 1,
    managedLedgerDefaultAckQuorum: 1,
    // The bookie embedded here would else bind every interface.
    listeningInterface: loopback,
    allowLoopback: true,
    allowEphemeralPorts: true,
    bookiePort: bookiePort(plan),
    // A developer's disk is often nearly full; a bookie at its usual 95 % would silently turn read-only.
    diskUsageThreshold: 0.99,
    diskUsageWarnThreshold: 0.98,
    brokerDeleteInactiveTopicsEnabled: false,
    brokerDeduplicationProducerInactivityTimeoutMinutes: producersRememberedMinutes(plan.namespaces),
    loadBalancerEnabled: false,
    functionsWorkerEnabled: false,
    transactionCoordinatorEnabled: false,
    // Delivery stalls under a backlog when it is on.
    enableLocalTransport: false,
  };
}

/** On stdout, which the supervisor appends to the log. Requests are not logged: their headers hold tokens. */
const LOGGING = {
  status: 'error',
  'appender.console.type': 'Console',
  'appender.console.name': 'console',
  'appender.console.layout.type': 'PatternLayout',
  'appender.console.layout.pattern': '%d{ISO8601_OFFSET_DATE_TIME_HHMM} %-5level [%t] %logger{1} - %msg%n',
  'rootLogger.level': 'info',
  'rootLogger.appenderRef.console.ref': 'console',
  'logger.requests.name': 'org.eclipse.jetty.server.RequestLog',
  'logger.requests.level': 'warn',
  // A line or more for each ledger that is made or trimmed.
  'logger.bookkeeper.name': 'org.apache.bookkeeper',
  'logger.bookkeeper.level': 'warn',
  'logger.metadata.name': 'org.apache.pulsar.metadata.impl',
  'logger.metadata.level': 'warn',
};
