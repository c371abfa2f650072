import type { Way } from '../../../certs/index.js';
import { answers, resolves } from '../../edges/addresses.js';
import type { Kubernetes } from '../../edges/kubernetes.js';
import type { ClusterPlan, Endpoint, Entrance } from '../../plan/index.js';
import { dialledName, listenedPort, podsOf, selectorOf, whyNotForwarded } from './places.js';
import type { Reach } from './reach.js';
import { waysBy } from './ways.js';

/** One process that listens for an endpoint, and a way to it from here. */
export interface Listener {
  /** The name under which it is dialled. */
  readonly name: string;
  readonly way: Way;
  /** Absent for an entrance, which is dialled by its public name. */
  readonly pod?: string;
  readonly ready: boolean;
}

/** Who listens for an endpoint; or why nobody can be asked, and whether that is wrong or only so from here. */
export type Listeners =
  | { readonly kind: 'there'; readonly listeners: readonly Listener[] }
  | { readonly kind: 'notFromHere'; readonly why: string }
  | { readonly kind: 'missing'; readonly why: string };

/** Finds who listens in a cluster: pods through the API server, entrances by their names. */
export function listenersIn(plan: ClusterPlan, cluster: Kubernetes, reach: Reach) {
  const ways = waysBy(reach);
  return async (endpoint: Endpoint): Promise<Listeners> => {
    if (isEntrance(endpoint, plan)) return byName(endpoint, plan);
    const why = notAskedFor(endpoint, plan);
    if (why !== undefined) return { kind: 'notFromHere', why };
    const pods = await podsOf(plan, cluster, endpoint.workload);
    if (pods.length === 0) return { kind: 'missing', why: `no pod: ${selectorOf(plan, endpoint.workload)}` };
    const listeners = pods.map(pod => ({
      ...{ pod: pod.name, ready: pod.ready, name: dialledName(endpoint, pod.name) },
      way: ways(pod, listenedPort(endpoint)),
    }));
    return { kind: 'there', listeners };
  };
}

/** What somebody dials by its public name, outside of the cluster. */
export function isEntrance(
  { workload, hostnames }: Endpoint,
  { entrances, workloads }: Pick<ClusterPlan, 'entrances' | 'workloads'>,
): boolean {
  const outside = workloads.find(({ name }) => name === workload)?.pods === undefined;
  return outside && entrances.some(entrance => entrance.hostnames.includes(hostnames[0] ?? ''));
}

async function byName({ hostnames, port }: Endpoint, { entrances }: ClusterPlan): Promise<Listeners> {
  const [name = ''] = hostnames;
  const entrance = entrances.find(it => it.hostnames.includes(name));
  const why = await unreachable(name, port, entrance?.scheme ?? 'internal');
  if (why !== undefined) return { kind: 'notFromHere', why };
  const listener: Listener = { name, ready: true, way: use => use({ host: name, port }) };
  return { kind: 'there', listeners: [listener] };
}

/** Why an entrance is not reached by its name from here; one that the whole internet may dial must answer. */
export async function unreachable(
  name: string,
  port: number,
  scheme: Entrance['scheme'],
): Promise<string | undefined> {
  if (!(await resolves(name))) return `${name} does not resolve here`;
  if (scheme === 'internet-facing' || (await answers(name, port))) return undefined;
  return `${name} is internal, and does not answer here`;
}

/** Why an endpoint is none of the platform's to judge, or out of reach from here. */
function notAskedFor(
  endpoint: Endpoint,
  { dials, certificates, workloads }: ClusterPlan,
): string | undefined {
  if (!dials.some(({ to }) => to === endpoint.id)) return 'nobody dials it';
  if (!certificates.some(({ workload }) => workload === endpoint.workload))
    return 'its certificate is not of the platform';
  const { pods } = workloads.find(({ name }) => name === endpoint.workload) ?? {};
  if (pods === undefined) return 'it runs outside of the cluster';
  return whyNotForwarded(endpoint);
}
