import { certificatesIn, dial, type Identity, look, SPOKEN } from '../../../../certs/index.js';
import type { Kubernetes } from '../../../edges/kubernetes.js';
import { PlatformError } from '../../../errors.js';
import type { ClusterPlan, Endpoint } from '../../../plan/index.js';
import { dialledName, isAwaited, listenedPort, podsOf } from '../../cluster/places.js';
import type { Reach, Reached } from '../../cluster/reach.js';

/** An endpoint of one pod. */
interface Place {
  readonly endpoint: Endpoint;
  readonly pod: string;
  readonly reached: Reached;
}

interface Asking<T> {
  readonly ask: (place: Place) => Promise<T>;
  /** The answer of a pod that nobody reaches: one that starts, or that is about to go. */
  readonly unreached: (pod: string, endpoint: Endpoint) => T;
}

/** Pods of a workload that serve, behind each of its endpoints. */
async function withPlaces<T>(
  plan: ClusterPlan,
  cluster: Kubernetes,
  reach: Reach,
  endpoints: readonly Endpoint[],
  { ask, unreached }: Asking<T>,
): Promise<T[]> {
  const answers: T[] = [];
  for (const endpoint of endpoints.filter(isAwaited)) {
    for (const { namespace, name } of await podsOf(plan, cluster, endpoint.workload)) {
      const reached = await reachable(() => reach({ namespace, name }, listenedPort(endpoint)));
      if (reached === undefined) {
        answers.push(unreached(name, endpoint));
        continue;
      }
      try {
        answers.push(await ask({ endpoint, pod: name, reached }));
      } finally {
        await reached.close();
      }
    }
  }
  return answers;
}

async function reachable<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof PlatformError && error.code === 'EndpointUnreachable') return undefined;
    throw error;
  }
}

/** Whether every pod of a workload serves a certificate, on each of its ports. One that only dials serves nothing. */
export async function serves(
  plan: ClusterPlan,
  cluster: Kubernetes,
  reach: Reach,
  workload: string,
  certificate: string,
): Promise<boolean> {
  const [issued] = certificatesIn(certificate);
  const endpoints = plan.endpoints.filter(endpoint => endpoint.workload === workload);
  const answers = await withPlaces(plan, cluster, reach, endpoints, {
    ask: async place => {
      const served = await look(targetOf(place)).catch(() => undefined);
      return issued !== undefined && (served?.chain[0]?.equals(issued.x509.raw) ?? false);
    },
    unreached: () => false,
  });
  return !answers.includes(false);
}

/** Listeners that do not accept one of these identities, with the reason. */
export async function refusing(
  plan: ClusterPlan,
  cluster: Kubernetes,
  reach: Reach,
  identities: readonly (Identity & { readonly of: string })[],
): Promise<string[]> {
  const issued = new Set(plan.certificates.map(({ workload }) => workload));
  const endpoints = plan.endpoints.filter(({ workload, tls }) => issued.has(workload) && tls === 'mutual');
  const answers = await withPlaces(plan, cluster, reach, endpoints, {
    ask: async place => {
      const outcomes = await Promise.all(
        identities.map(async ({ of, ...identity }) => {
          const outcome = await dial(targetOf(place), identity);
          return outcome.kind === 'accepted'
            ? []
            : [`${place.pod} ${place.endpoint.id} (${of}: ${outcome.reason})`];
        }),
      );
      return outcomes.flat();
    },
    unreached: (pod, { id }) => [`${pod} ${id} (not reached)`],
  });
  return answers.flat();
}

/** Dialled here, under the name that the certificate has for this pod. */
function targetOf({ endpoint, pod, reached: { host, port } }: Place) {
  const { begins, greeting } = SPOKEN[endpoint.protocol];
  const name = dialledName(endpoint, pod);
  return { host, port, name, begins, ...(greeting && { greeting }) };
}
