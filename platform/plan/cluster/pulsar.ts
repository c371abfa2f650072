import type { Config } from '../../config/index.js';
import type { CertificateRequest, Dial, Endpoint, PlainListener, Pods, Workload } from '../types.js';
import { dial, endpoint, metrics, named, type Part, serviceHost } from './graph.js';
import { KEY_SERVER, NAMESPACES, PULSAR_RELEASE } from './names.js';

/** Roles of the Pulsar parts themselves; tokens of these names are Secrets that the chart mounts. */
export const SUPER_USERS = { broker: 'broker', proxy: 'proxy', operator: 'operator' } as const;

/** BookKeeper takes the roles of a client from its certificate: `0:` and the roles, in the OU. */
export const BOOKIE_CLIENT_OU = '0:pulsar';

const NAMESPACE = NAMESPACES.pulsar;

/** Service of a component, as the chart names it. */
export function pulsarService(component: string): string {
  return `${PULSAR_RELEASE}-${component}`;
}

function pods(component: string, serviceAccount = pulsarService(component)): Pods {
  return {
    namespace: NAMESPACE,
    serviceAccount,
    labels: { app: 'pulsar', release: PULSAR_RELEASE, component },
  };
}

function workload(name: string, does: string, component = name, serviceAccount?: string): Workload {
  return { name, kind: 'pulsar', does, pods: pods(component, serviceAccount) };
}

/** Names under which a component is dialled: its Service, short and in full. */
function names(component: string): string[] {
  return [serviceHost(pulsarService(component), NAMESPACE), pulsarService(component)];
}

/** Names of its pods behind a headless Service. */
function podNames(service: string): string {
  return `*.${serviceHost(pulsarService(service), NAMESPACE)}`;
}

/** With bookies in several zones, brokers must know which stands where. */
export function racksMatter({ nodes }: Config): boolean {
  return nodes.stateful.zones.length > 1;
}

/** Brokers, bookies, proxies and what they need, with every connection between them. */
export function pulsarPart(config: Config, externalProxyNames: readonly string[]): Part {
  const scraped = config.observability.kind !== 'none';
  const clientTls = config.tls.mutual ? 'mutual' : 'server';
  const { websocket } = config.pulsar;
  const brokerNames = [...names('broker'), podNames('broker-headless')];
  const proxyNames = [...names('proxy'), ...externalProxyNames];
  const endpoints: Endpoint[] = [
    endpoint('bookie', 'bookkeeper+tls', { hostnames: [podNames('bookie')], port: 3181 }),
    endpoint('broker', 'pulsar+ssl', { hostnames: brokerNames, port: 6651, tls: clientTls }),
    endpoint('broker', 'https', { hostnames: brokerNames, port: 8443, tls: clientTls }),
    endpoint('proxy', 'pulsar+ssl', { hostnames: proxyNames, port: 6651, tls: clientTls }),
    endpoint('proxy', 'https', { hostnames: proxyNames, port: 8443, tls: clientTls }),
    ...(websocket === 'off'
      ? []
      : [
          endpoint(websocket, 'wss', {
            hostnames: websocket === 'broker' ? brokerNames : proxyNames,
            port: 8443,
            tls: clientTls,
          }),
        ]),
  ];
  return {
    workloads: [
      workload('bookie', 'stores messages'),
      workload('recovery', 'copies under-replicated ledgers'),
      workload('broker', 'serves topics', 'broker', `${pulsarService('broker')}-acct`),
      workload('proxy', 'one door to all brokers'),
      workload('toolset', "Pulsar's own command line, for operators"),
      {
        ...workload(
          'bookie-init',
          'makes the BookKeeper cluster once',
          'bookie-init',
          pulsarService('bookie'),
        ),
        presents: 'toolset',
      },
      {
        ...workload('pulsar-init', 'makes the Pulsar cluster once', 'pulsar-init', 'default'),
        presents: 'toolset',
      },
      ...(racksMatter(config)
        ? [{ ...workload('racks', 'tells brokers the zone of each bookie'), presents: 'toolset' }]
        : []),
    ],
    endpoints,
    dials: [
      ...(racksMatter(config)
        ? [
            dial('racks', 'kubernetes/https', 'service account', 'reads where the bookies run'),
            dial('racks', 'broker/https', SUPER_USERS.operator, 'sets their racks'),
          ]
        : []),
      dial('recovery', 'bookie/bookkeeper+tls', 'pulsar', 'reads and writes copies'),
      dial('broker', 'bookie/bookkeeper+tls', 'pulsar', 'stores and reads messages'),
      dial(
        'broker',
        'broker/pulsar+ssl',
        SUPER_USERS.broker,
        'lookups, system topics, its WebSocket gateway',
      ),
      dial('broker', 'broker/https', SUPER_USERS.broker, 'its own admin client'),
      dial(
        'proxy',
        'broker/pulsar+ssl',
        SUPER_USERS.proxy,
        'forwards clients, and those of its WebSocket gateway',
      ),
      dial('proxy', 'broker/https', SUPER_USERS.proxy, 'forwards admin calls'),
      dial('toolset', 'broker/pulsar+ssl', SUPER_USERS.operator, 'tries by hand'),
      dial('toolset', 'broker/https', SUPER_USERS.operator, 'admin by hand'),
    ],
    plainListeners: [
      metrics('bookie', 8000, 'the bookie has no TLS for its metrics, probes and admin', scraped),
      metrics('recovery', 8000, 'autorecovery has no TLS for its metrics', scraped),
      metrics('broker', 8080, 'the chart probes the broker there; admin and WebSocket answer too', scraped),
      metrics('proxy', 8080, 'the chart probes the proxy there; admin and WebSocket answer too', scraped),
    ],
  };
}

/** Tells brokers and proxies the public keys of tokens, where two may be good at once. */
export function keysPart({ pulsar }: Config): Part {
  if (pulsar.tokenKeys === 'one') return {};
  const asks = (name: string) => dial(name, `${KEY_SERVER}/https`, 'anonymous', 'public keys of tokens');
  return {
    workloads: [
      {
        name: KEY_SERVER,
        kind: 'backing',
        does: 'tells brokers and proxies which keys sign tokens',
        pods: named(KEY_SERVER, NAMESPACE),
      },
    ],
    endpoints: [
      endpoint(KEY_SERVER, 'https', {
        hostnames: [serviceHost(KEY_SERVER, NAMESPACE)],
        port: 8443,
        // The provider of Pulsar that asks it has no certificate to show; what it hears is public.
        tls: 'server',
      }),
    ],
    dials: [asks('broker'), asks('proxy')],
  };
}

/** ZooKeeper or Oxia, and who uses it. */
export function metadataPart(config: Config): Part {
  const clients: [string, string][] = [
    ['broker', 'topics, cursors, load'],
    ['bookie', 'its cookie, ledger metadata'],
    ['recovery', 'what is under-replicated'],
    ['bookie-init', 'makes the BookKeeper cluster'],
    ['pulsar-init', 'makes the Pulsar cluster'],
    ['toolset', 'looks up by hand'],
    ...(config.pulsar.websocket === 'proxy'
      ? [['proxy', 'grants, for its WebSocket gateway'] as [string, string]]
      : []),
  ];
  return config.pulsar.metadata.kind === 'zookeeper' ? zookeeper(config, clients) : oxia(config, clients);
}

function zookeeper(config: Config, clients: readonly [string, string][]): Part {
  const peers = [podNames('zookeeper-headless')];
  const quorum: Dial[] =
    config.pulsar.metadata.replicas === 1
      ? []
      : [
          dial('zookeeper', 'zookeeper/zookeeper-quorum+tls', 'pulsar', 'follows its leader'),
          dial('zookeeper', 'zookeeper/zookeeper-election+tls', 'pulsar', 'elects a leader'),
        ];
  return {
    workloads: [workload('zookeeper', 'keeps metadata')],
    endpoints: [
      endpoint('zookeeper', 'zookeeper+tls', { hostnames: [...names('zookeeper'), ...peers], port: 2281 }),
      endpoint('zookeeper', 'zookeeper-quorum+tls', { hostnames: peers, port: 2888 }),
      endpoint('zookeeper', 'zookeeper-election+tls', { hostnames: peers, port: 3888 }),
    ],
    dials: [...clients.map(([from, why]) => dial(from, 'zookeeper/zookeeper+tls', 'pulsar', why)), ...quorum],
    plainListeners: [
      metrics(
        'zookeeper',
        8000,
        'ZooKeeper has no TLS for its metrics',
        config.observability.kind !== 'none',
      ),
    ],
  };
}

/** Chart 4.7.0 gives Oxia no TLS; the config says so in words before it may be chosen. */
function oxia(config: Config, clients: readonly [string, string][]): Part {
  const plain = (name: string, port: number, dialledBy: readonly string[]): PlainListener => ({
    workload: name,
    port,
    why: 'the Pulsar chart 4.7.0 has no TLS for Oxia',
    fencedBy: 'NetworkPolicy: the workloads that use it only',
    dialledBy,
  });
  const users = clients.map(([from]) => from).filter(name => name !== 'toolset');
  const scraped = config.observability.kind !== 'none';
  return {
    workloads: [
      workload('oxia', 'keeps metadata', 'oxia-server', pulsarService('oxia')),
      workload('oxia-coordinator', 'assigns shards', 'oxia-coordinator'),
    ],
    dials: [dial('oxia-coordinator', 'kubernetes/https', 'service account', 'its state, in a ConfigMap')],
    plainListeners: [
      plain('oxia', 6648, [...users, 'toolset']),
      plain('oxia', 6649, ['oxia', 'oxia-coordinator']),
      plain('oxia-coordinator', 6649, ['oxia']),
      metrics('oxia', 8080, 'Oxia has no TLS for its metrics', scraped),
      metrics('oxia-coordinator', 8080, 'Oxia has no TLS for its metrics', scraped),
    ],
  };
}

/** Secret and OU of the certificates that the chart asks for. */
export function chartCertificate(name: string): Partial<CertificateRequest> | undefined {
  const components = ['zookeeper', 'bookie', 'recovery', 'broker', 'proxy', 'toolset'];
  if (!components.includes(name)) return undefined;
  return {
    commonName: pulsarService(name),
    secret: { namespace: NAMESPACE, name: `${PULSAR_RELEASE}-tls-${name}` },
    askedBy: 'pulsar-chart',
    ...(['bookie', 'recovery', 'broker'].includes(name) && { organizationalUnits: [BOOKIE_CLIENT_OU] }),
  };
}
