import type { Config } from '../../config/index.js';
import { dialsOf } from '../dials.js';
import { configured, FRONT_SERVICES, WORKER_SERVICES } from '../services.js';
import type { Dial, ServicePlan, Subscription, Workload } from '../types.js';
import { dial, endpoint, named, type Part, serviceHost } from './graph.js';
import { NAMESPACES } from './names.js';

/** Port of every service: HTTPS for its users, its probes and its metrics. */
export const SERVICE_PORT = 8443;

/** What a service answers its probes and scrapers, and nobody beyond the cluster. */
export const OWN_PATHS: readonly string[] = ['/metrics', '/health', '/ready'];

/** The load balancer keeps connections for later requests: who is behind it must not be the first to close one. */
export function keepSeconds({ entrances }: Config): number {
  return entrances.http.idleTimeoutSeconds + 60;
}

/** The services that run in the cluster. */
export const CLUSTER_SERVICES: readonly ServicePlan[] = [...WORKER_SERVICES, ...FRONT_SERVICES];

/** The services with all that the config says about each: what the local target has too, and what only a cluster has. */
export function clusterServices(config: Config): ServicePlan[] {
  // The load balancer is in the VPC, and nobody else there may dial the front door.
  const services = configured(config, CLUSTER_SERVICES, {
    TRUSTED_PROXIES: config.network.cidr,
    KEEP_ALIVE_SECONDS: String(keepSeconds(config)),
    ...signInSettings(config),
  });
  const secret = oidcOf(config)?.clientSecret === true ? [OIDC_SECRET] : [];
  return services.map(service =>
    service.name === 'web' ? { ...service, secrets: [...(service.secrets ?? []), ...secret] } : service,
  );
}

/** Id of the secret that an OpenID provider gave. */
export const OIDC_SECRET = 'oidc-client-secret';

function signInSettings(config: Config): Readonly<Record<string, string>> {
  const { signIn } = config.web;
  return signIn.kind === 'oidc'
    ? { OIDC_ISSUER: signIn.issuer, OIDC_CLIENT_ID: signIn.clientId, OIDC_LABEL: signIn.label }
    : { REGISTRATION: signIn.registration };
}

export function oidcOf({ web: { signIn } }: Config) {
  return signIn.kind === 'oidc' ? signIn : undefined;
}

/** Whether web runs as a task of Fargate, outside the cluster. */
function isTask(config: Config, name: string): boolean {
  return name === 'web' && config.web.runOn === 'fargate';
}

/** The services of the voice chat and whom they dial. */
export function servicesPart(config: Config): Part {
  const websocket = config.pulsar.websocket === 'off' ? undefined : `${config.pulsar.websocket}/wss`;
  const ends = { pulsar: 'broker/pulsar+ssl', websocket, store: 's3/https', storeIdentity: 'pod identity' };
  const { database } = config.services;
  const oidc = oidcOf(config);
  return {
    workloads: CLUSTER_SERVICES.map(({ name, does }) => ({
      name,
      kind: 'service',
      does,
      ...(!isTask(config, name) && { pods: named(name, NAMESPACES.services) }),
    })),
    endpoints: CLUSTER_SERVICES.map(({ name }) =>
      endpoint(name, 'https', {
        hostnames: isTask(config, name)
          ? [`${name}.${config.domain}`]
          : [serviceHost(name, NAMESPACES.services)],
        port: SERVICE_PORT,
        tls: 'server',
      }),
    ),
    dials: [
      ...CLUSTER_SERVICES.flatMap(service =>
        dialsOf(service, isTask(config, service.name) ? outside(ends) : ends),
      ),
      dial(
        'web',
        isTask(config, 'web') ? 'ingress/https' : 'thread/https',
        'web',
        'threads, their pages, search',
      ),
      ...(database.kind === 'postgres'
        ? FRONT_SERVICES.map(({ name }) => dial(name, 'postgres/postgres+tls', 'database', 'its tables'))
        : []),
      ...(oidc === undefined
        ? []
        : [dial('web', 'sign-in/https', oidc.clientSecret ? 'client secret' : 'anonymous', 'who signs in')]),
      ...(config.services.tracesUrl === undefined
        ? []
        : CLUSTER_SERVICES.map(({ name }) => dial(name, 'traces/https', 'anonymous', 'its traces'))),
      // Nothing tells Prometheus where tasks are; CloudWatch watches them.
      ...(config.observability.kind === 'none'
        ? []
        : CLUSTER_SERVICES.filter(({ name }) => !isTask(config, name)).map(scrape)),
    ],
  };
}

/** A task outside the cluster comes through the Pulsar entrance. */
function outside<T extends { readonly pulsar: string; readonly websocket: string | undefined }>(ends: T): T {
  return { ...ends, pulsar: 'proxy/pulsar+ssl', websocket: undefined };
}

function scrape({ name }: ServicePlan): Dial {
  return dial('prometheus', `${name}/https`, 'anonymous', 'metrics');
}

/** The user's own roles: pods of the cluster with a label, or programs beyond the entrance. */
export function clientsPart(config: Config): Part {
  return {
    workloads: config.pulsar.roles.map(
      ({ name, from }): Workload => ({
        name,
        kind: 'client',
        does: from === 'cluster' ? 'a client of yours, in the cluster' : 'a client of yours, outside',
        ...(from === 'cluster' && {
          pods: {
            namespace: NAMESPACES.clients,
            serviceAccount: name,
            labels: { 'platform/role': name },
          },
        }),
      }),
    ),
    dials: config.pulsar.roles.map(({ name, from, produces, consumes, everywhereIn }) =>
      dial(
        name,
        from === 'cluster' ? 'broker/pulsar+ssl' : 'proxy/pulsar+ssl',
        name,
        does(produces, consumes, everywhereIn),
      ),
    ),
  };
}

function does(
  produces: readonly string[],
  consumes: readonly Pick<Subscription, 'topic'>[],
  everywhereIn: readonly string[] = [],
): string {
  return [
    ...consumes.map(({ topic }) => `consumes ${topic}`),
    ...produces.map(topic => `produces ${topic}`),
    ...everywhereIn.map(namespace => `uses every topic of ${namespace}`),
  ].join(', ');
}
