import { type ClusterPlan, type Endpoint, NAMESPACES, OWN_PATHS } from '../../platform/plan/index.js';

/** A Service behind the ingress controller; it is reached by TLS, and its certificate is verified. */
export interface Backend {
  /** Workload of the plan. */
  readonly name: string;
  readonly service: string;
  readonly namespace: string;
  readonly port: number;
  /** Name that its certificate must hold, and by which it is asked (SNI). */
  readonly serverName: string;
  /** Whether it asks for a certificate. */
  readonly mutual: boolean;
}

export interface Route {
  /** Begin of the paths: `/`, `/admin/v2`. */
  readonly path: string;
  readonly backend: Backend;
}

/** A host name, and what is reached under it. Every other path is answered with 404. */
export interface Site {
  readonly name: 'web' | 'thread' | 'admin' | 'grafana';
  readonly host: string;
  readonly routes: readonly Route[];
  /** Paths below the routes that the backend serves to others in the cluster only: its probes and metrics. */
  readonly closed: readonly string[];
  /** Networks that may reach it. @default - whom the load balancer lets in */
  readonly allow?: readonly string[];
  /** Greatest body of a request. */
  readonly bodyMiB: number;
  /** Who asks whoever comes for a credential, and for which. */
  readonly authenticatedBy: string;
}

/** Paths of Pulsar's admin API. Brokers and proxies serve `/metrics` and `/status.html` beside them, to anybody. */
const ADMIN_PATHS = ['/admin/v2', '/admin/v3', '/lookup/v2'];

/** Everything that the ingress controller serves: one site for each of its dials. Pure. */
export function sitesOf(plan: ClusterPlan): Site[] {
  const { hosts } = plan.names;
  const { http } = plan.config.entrances;
  const dialled = (id: string) =>
    plan.dials.some(({ from, to }) => from === 'ingress' && to === id)
      ? plan.endpoints.find(endpoint => endpoint.id === id)
      : undefined;
  const [web, thread, admin, grafana] = ['web', 'thread', 'proxy', 'grafana'].map(name =>
    dialled(`${name}/https`),
  );
  const websocket = http.websocket ? dialled(`${plan.config.pulsar.websocket}/https`) : undefined;
  return [
    ...site(web, {
      name: 'web',
      host: hosts.web,
      paths: ['/'],
      closed: OWN_PATHS,
      // Recordings of 25 MiB, and the form around them.
      bodyMiB: 26,
      authenticatedBy: 'web: its session, or a key of the platform',
    }),
    ...site(thread, {
      name: 'thread',
      host: hosts.thread,
      paths: ['/view'],
      closed: [],
      allow: [plan.network.cidr],
      bodyMiB: 1,
      authenticatedBy: 'thread: a key that web has',
    }),
    ...site(admin, {
      name: 'admin',
      host: hosts.admin,
      paths: ADMIN_PATHS,
      further: websocket ? [{ path: '/ws', backend: backendOf(websocket) }] : [],
      closed: [],
      allow: http.adminAllow,
      bodyMiB: 1,
      authenticatedBy: 'Pulsar: a token, and the grants of its role',
    }),
    ...site(grafana, {
      name: 'grafana',
      host: hosts.grafana,
      paths: ['/'],
      closed: ['/metrics'],
      allow: http.adminAllow,
      bodyMiB: 1,
      authenticatedBy: 'Grafana: user and password',
    }),
  ];
}

interface SiteProps extends Omit<Site, 'routes'> {
  readonly paths: readonly string[];
  /** Routes to another backend. @default - none */
  readonly further?: readonly Route[];
}

function site(endpoint: Endpoint | undefined, { paths, further = [], ...rest }: SiteProps): Site[] {
  if (endpoint === undefined) return [];
  const backend = backendOf(endpoint);
  return [{ ...rest, routes: [...paths.map(path => ({ path, backend })), ...further] }];
}

function backendOf({ workload, hostnames, port, tls }: Endpoint): Backend {
  const serverName = hostnames[0] ?? '';
  const [service = '', namespace = ''] = serverName.split('.');
  return { name: workload, service, namespace, port, serverName, mutual: tls === 'mutual' };
}

/** Each backend once. */
export function backendsOf(sites: readonly Site[]): Backend[] {
  const all = sites.flatMap(({ routes }) => routes.map(({ backend }) => backend));
  return [...new Map(all.map(backend => [backend.name, backend])).values()];
}

/** Namespaces in which the ingress controller finds its routes and backends. */
export function namespacesOf(sites: readonly Site[]): string[] {
  return [...new Set([NAMESPACES.edge, ...backendsOf(sites).map(({ namespace }) => namespace)])].sort();
}

/** Seconds after which a silent connection ends, at the load balancer and behind it. */
export function idleSeconds({ config }: ClusterPlan): number {
  return config.entrances.http.idleTimeoutSeconds;
}

/** Certificates between root and leaf: an intermediate in the cluster below a subordinate authority below a root. */
export const VERIFY_DEPTH = 4;
