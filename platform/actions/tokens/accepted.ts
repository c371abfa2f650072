import { setTimeout as sleep } from 'node:timers/promises';
import { type Answer, type ClientTls, httpsProbe, type ProbeOptions } from '../../edges/https-probe.js';
import type { Kubernetes } from '../../edges/kubernetes.js';
import { webSocketProbe } from '../../edges/websocket-probe.js';
import { PlatformError } from '../../errors.js';
import { signToken, type TokenKey } from '../../local/tokens.js';
import { type ClusterPlan, type Endpoint, KEY_SERVER, SUPER_USERS } from '../../plan/index.js';
import { operatorOf } from '../cluster/admin.js';
import { dialledName, listenedPort, podsOf } from '../cluster/places.js';
import { forwarding, type Reach } from '../cluster/reach.js';
import { issuedBy } from '../secrets/tokens.js';
import type { ClusterTokensOptions } from './options.js';
import { FOR_ANY_ROLE, NO_SUCH_TOPIC, NO_TOPIC, UNAUTHENTICATED } from './probed.js';

/** kubelet shows a changed Secret in its pods after about a minute; brokers and proxies look again each minute. */
const TIMEOUT_MS = 5 * 60_000;
const POLL_MS = 1000;
const PROBE_SECONDS = 10 * 60;

/** How the pods of a cluster are asked which keys they take. */
export interface Asking extends Pick<ClusterTokensOptions, 'report' | 'signal' | 'kubeconfig'> {
  readonly plan: ClusterPlan;
  readonly cluster: Kubernetes;
  /** How a port of a pod is dialled. @default - kubectl port-forward */
  readonly reach?: Reach;
}

/** Waits until every broker and proxy takes tokens of a key at each of its doors, or none at any. */
export async function untilTaken(key: TokenKey, wanted: boolean, asking: Asking): Promise<void> {
  const { plan } = asking;
  const token = await signToken(SUPER_USERS.operator, key, { ...issuedBy(plan), seconds: PROBE_SECONDS });
  const doors = plan.endpoints.filter(
    ({ workload, protocol }) => ['broker', 'proxy'].includes(workload) && ['https', 'wss'].includes(protocol),
  );
  const verb = wanted ? 'take' : 'refuse';
  await untilAll(doors, asking, {
    what: `brokers and proxies to ${verb} tokens of ${key.id}`,
    ask: ({ protocol }, url, tls, probe) =>
      protocol === 'wss'
        ? webSocketProbe(`${url}${NO_TOPIC}`, tls, { ...probe, token })
        : httpsProbe(`${url}${FOR_ANY_ROLE}`, tls, { ...probe, token }),
    // Whoever gives no answer has neither taken nor refused it.
    holds: ({ protocol }, { status }) =>
      status !== undefined &&
      (wanted ? status === (protocol === 'wss' ? NO_SUCH_TOPIC : 200) : status === UNAUTHENTICATED),
  });
}

/** Waits until every key server publishes a key, or none does any longer. */
export async function untilPublished(id: string, wanted: boolean, asking: Asking): Promise<void> {
  const servers = asking.plan.endpoints.filter(({ workload }) => workload === KEY_SERVER);
  await untilAll(servers, asking, {
    what: `the key servers to ${wanted ? 'publish' : 'forget'} ${id}`,
    ask: (_, url, { ca }, probe) => httpsProbe(`${url}/keys/${id}`, { ca }, probe),
    holds: (_, { status }) => status === (wanted ? 200 : 404),
  });
}

interface Question {
  readonly what: string;
  readonly ask: (at: Endpoint, url: string, tls: ClientTls, probe: ProbeOptions) => Promise<Answer>;
  readonly holds: (at: Endpoint, answer: Answer) => boolean;
}

/** Pods are listed anew each time: one that comes meanwhile is asked too. */
async function untilAll(
  endpoints: readonly Endpoint[],
  asking: Asking,
  { what, ask, holds }: Question,
): Promise<void> {
  const { plan, cluster, report, signal } = asking;
  const reach = asking.reach ?? forwarding(cluster, asking);
  // Nobody is there before Pulsar is, nor is what the operator shows.
  let tls: ClientTls | undefined;
  const deadline = Date.now() + TIMEOUT_MS;
  report.waiting('tokens', `for ${what}`);
  for (const endpoint of endpoints) {
    const port = listenedPort(endpoint);
    const url = (pod: string) => `${endpoint.protocol}://${dialledName(endpoint, pod)}`;
    const missing = async () => {
      for (const pod of await podsOf(plan, cluster, endpoint.workload)) {
        tls ??= await operatorTls(plan, cluster);
        const shown = tls;
        const answer = await through(reach, pod, port, reached =>
          ask(endpoint, `${url(pod.name)}:${reached.port}`, shown, { host: reached.host, timeoutMs: 10_000 }),
        );
        if (!holds(endpoint, answer)) return { pod: pod.name, saw: String(answer.status ?? answer.error) };
      }
      return undefined;
    };
    for (;;) {
      const left = await missing();
      if (left === undefined) break;
      if (Date.now() > deadline) {
        throw new PlatformError('TokensStale', `waited in vain for ${what}`, {
          where: `${left.pod}, ${endpoint.id}`,
          saw: left.saw,
          timedOut: true,
          fix: `if roots were exchanged since ${left.pod} started, restart brokers and proxies; then run the same command again; kubectl logs --namespace pulsar ${left.pod} says why`,
        });
      }
      await sleep(POLL_MS, undefined, { signal });
    }
  }
}

async function operatorTls(plan: ClusterPlan, cluster: Kubernetes): Promise<ClientTls> {
  const { token: _, ...tls } = await operatorOf(plan, cluster);
  return tls;
}

/** No way to a pod is an answer too: it may be about to go, or to come. */
async function through(
  reach: Reach,
  pod: Parameters<Reach>[0],
  port: number,
  use: (reached: { readonly host: string; readonly port: number }) => Promise<Answer>,
): Promise<Answer> {
  try {
    const reached = await reach(pod, port);
    try {
      return await use(reached);
    } finally {
      await reached.close();
    }
  } catch (error) {
    if (error instanceof PlatformError && error.code === 'EndpointUnreachable') return { error: error.code };
    throw error;
  }
}
