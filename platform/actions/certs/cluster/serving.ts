import {
  certificatesIn,
  dial,
  type Identity,
  look,
  type ProbeTarget,
  spokenOn,
  type Way,
} from '../../../../certs/index.js';
import type { Kubernetes } from '../../../edges/kubernetes.js';
import { PlatformError } from '../../../errors.js';
import type { ClusterPlan, Endpoint } from '../../../plan/index.js';
import { dialledName, isAwaited, listenedPort, podsOf } from '../../cluster/places.js';
import type { Reach } from '../../cluster/reach.js';
import { waysBy } from '../../cluster/ways.js';

/** An endpoint of one pod. */
interface Place {
  readonly endpoint: Endpoint;
  readonly pod: string;
  readonly way: Way;
}

/** Asks the pods that serve behind each of these endpoints, as far as a rotation waits for them. */
async function askAll<T>(
  plan: ClusterPlan,
  cluster: Kubernetes,
  reach: Reach,
  endpoints: readonly Endpoint[],
  ask: (place: Place) => Promise<T>,
): Promise<T[]> {
  const ways = waysBy(reach);
  const answers: T[] = [];
  for (const endpoint of endpoints.filter(it => isAwaited(it, plan))) {
    for (const pod of await podsOf(plan, cluster, endpoint.workload)) {
      answers.push(await ask({ endpoint, pod: pod.name, way: ways(pod, listenedPort(endpoint)) }));
    }
  }
  return answers;
}

/** Nothing when nobody answers there: of a pod that starts, or that is about to go. */
async function ifAnswered<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof PlatformError && NO_ANSWER.includes(error.code)) return undefined;
    throw error;
  }
}

const NO_ANSWER: readonly string[] = ['EndpointUnreachable', 'EndpointRefused', 'EndpointNotTls'];

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
  const answers = await askAll(plan, cluster, reach, endpoints, async place => {
    const served = await ifAnswered(() => at(place, target => look(target)));
    return issued !== undefined && (served?.chain[0]?.equals(issued.x509.raw) ?? false);
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
  const answers = await askAll(plan, cluster, reach, endpoints, async place => {
    const refused = identities.map(async ({ of, ...identity }) => {
      const outcome = await ifAnswered(() => at(place, target => dial(target, identity)));
      if (outcome?.kind === 'accepted') return [];
      return [`${place.pod} ${place.endpoint.id} (${of}: ${outcome?.reason ?? 'not reached'})`];
    });
    return (await Promise.all(refused)).flat();
  });
  return answers.flat();
}

/** Uses a place under the name that the certificate has for its pod, each time by a connection of its own. */
function at<T>({ endpoint, pod, way }: Place, use: (target: ProbeTarget) => Promise<T>): Promise<T> {
  const name = dialledName(endpoint, pod);
  return way(address => use({ ...address, ...spokenOn(endpoint.protocol), name }));
}
