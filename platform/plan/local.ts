import type { Config } from '../config/index.js';
import { dialsOf } from './dials.js';
import type { Dial, Endpoint, Graph, ServicePlan, Workload } from './types.js';

/** Ports that this machine gave; the plan is computed again once they are known. */
export type LocalPorts = Readonly<Record<string, number>>;

const ENDS = {
  pulsar: 'broker/pulsar+ssl',
  websocket: 'broker/wss',
  store: 'store/https',
  storeIdentity: 'store',
};

/** Role of the operator's tools and of the broker's own client: super users. */
export const OPERATOR_ROLE = 'operator';
export const BROKER_ROLE = 'broker';

/**
 * The dial graph of the platform on one machine. Everything listens on loopback and is dialled as `localhost`.
 *
 * @param ports by endpoint id; an endpoint that is missing gets the port of the config, else 0
 * @param speechUrl base URL of a transcription API elsewhere. @default - one of this machine
 */
export function localGraph(
  config: Config,
  services: readonly ServicePlan[],
  ports: LocalPorts,
  speechUrl?: string,
): Graph {
  const endpoint = (
    workload: string,
    protocol: Endpoint['protocol'],
    tls: Endpoint['tls'],
    configured = 0,
  ): Endpoint => {
    const id = `${workload}/${protocol}`;
    return { id, workload, hostnames: ['localhost'], port: ports[id] ?? configured, protocol, tls };
  };

  const wanted = config.local.ports;
  const listening = services.filter(service => service.name !== 'traffic');
  const endpoints: Endpoint[] = [
    endpoint('broker', 'pulsar+ssl', 'mutual', wanted.broker),
    endpoint('broker', 'https', 'mutual', wanted.brokerWeb),
    {
      ...endpoint('broker', 'wss', 'mutual', wanted.brokerWeb),
      port: ports['broker/https'] ?? wanted.brokerWeb,
    },
    endpoint('store', 'https', 'server', wanted.store),
    endpoint('keys', 'https', 'server'),
    speechUrl === undefined
      ? { ...endpoint('speech', 'https', 'server', wanted.speech), path: '/v1' }
      : speechElsewhere(new URL(speechUrl)),
    ...listening.map(service => endpoint(service.name, 'https', 'server')),
  ];

  const dials: Dial[] = [
    dial('broker', 'broker/pulsar+ssl', BROKER_ROLE, 'its WebSocket gateway is a client of its own'),
    dial('broker', 'broker/https', BROKER_ROLE, 'its own admin client'),
    dial('broker', 'keys/https', 'anonymous', 'public keys of tokens'),
    dial('operator', 'broker/https', OPERATOR_ROLE, 'tenants, namespaces, topics, grants'),
    dial('operator', 'broker/pulsar+ssl', OPERATOR_ROLE, 'dead letters (native transport)'),
    dial('operator', 'broker/wss', OPERATOR_ROLE, 'dead letters (websocket transport)'),
    dial('operator', 'keys/https', 'anonymous', 'readiness'),
    ...services.flatMap(service => dialsOf(service, ENDS)),
    dial('web', 'thread/https', 'web', 'threads, their pages, search'),
    dial('browser', 'web/https', 'user', 'the voice chat'),
    dial('browser', 'store/https', 'presigned URL', 'uploads and plays'),
    ...listening.map(service =>
      dial('operator', `${service.name}/https`, 'anonymous', 'health, readiness, metrics'),
    ),
    dial('operator', 'store/https', 'store', 'buckets'),
    ...(speechUrl === undefined ? [dial('operator', 'speech/https', 'speech', 'health')] : []),
  ];

  return {
    workloads: [
      {
        name: 'broker',
        kind: 'pulsar',
        does: 'Pulsar standalone: broker, bookie and metadata in one process',
      },
      { name: 'store', kind: 'backing', does: 'S3 object store' },
      { name: 'keys', kind: 'backing', does: 'tells the broker which keys sign tokens' },
      { name: 'speech', kind: 'backing', does: 'speech to text by the OpenAI API' },
      ...services.map(({ name, does }): Workload => ({ name, kind: 'service', does })),
      { name: 'browser', kind: 'person', does: 'somebody in a browser' },
      { name: 'operator', kind: 'person', does: 'the platform command' },
    ],
    endpoints,
    dials,
    plainListeners: [
      {
        workload: 'broker',
        port: ports['broker/bookkeeper'] ?? 0,
        why: 'the bookie embedded in Pulsar standalone has no TLS of its own',
        fencedBy: 'bound to 127.0.0.1',
      },
    ],
  };
}

function speechElsewhere({ hostname, port, protocol, pathname }: URL): Endpoint {
  const usual = protocol === 'http:' ? 80 : 443;
  return {
    id: 'speech/https',
    workload: 'speech',
    hostnames: [hostname],
    port: port === '' ? usual : Number(port),
    protocol: 'https',
    tls: 'server',
    path: pathname.replace(/\/$/, ''),
  };
}

function dial(from: string, to: string, as: string, why: string): Dial {
  return { from, to, as, why };
}
