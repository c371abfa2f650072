import type { Kubernetes } from '../../edges/kubernetes.js';
import { type PulsarAdmin, pulsarAdmin } from '../../edges/pulsar-admin.js';
import { PlatformError } from '../../errors.js';
import { type ClusterPlan, type Endpoint, NAMESPACES, TRUST_NAME } from '../../plan/index.js';
import { dataOf } from './data.js';
import { listenedPort, podsOf, selectorOf } from './places.js';
import type { Reach, Reached } from './reach.js';

const OPERATOR = 'operator';

/**
 * The admin API of Pulsar in a cluster, as the operator: through the API server to a proxy, which finds the broker that
 * a topic is at. Certificate, token and roots are those that lie in the cluster; none is written to this machine.
 *
 * @throws AdminUnreachable, SecretMissing
 */
export async function withClusterAdmin<T>(
  plan: ClusterPlan,
  cluster: Kubernetes,
  reach: Reach,
  work: (admin: PulsarAdmin) => Promise<T>,
): Promise<T> {
  const admin = await openClusterAdmin(plan, cluster, reach);
  try {
    return await work(admin);
  } finally {
    await admin.close();
  }
}

/** The same, until it is closed. */
export async function openClusterAdmin(
  plan: ClusterPlan,
  cluster: Kubernetes,
  reach: Reach,
): Promise<PulsarAdmin> {
  const endpoint = plan.endpoints.find(({ id }) => id === 'proxy/https');
  if (endpoint === undefined) throw new RangeError('a plan without a proxy');
  const { token, ...tls } = await operatorOf(plan, cluster);
  const reached = await reachReady(plan, cluster, reach, endpoint);
  const admin = pulsarAdmin({
    url: `https://${reached.host}:${reached.port}`,
    tls: { ...tls, servername: endpoint.hostnames[0] ?? '' },
    token: async () => token,
  });
  const close = async () => {
    await admin.close();
    await reached.close();
  };
  return { ...admin, close };
}

/** With what the operator proves who he is, and whom he trusts: PEM, and a JWT. Secret. @throws SecretMissing */
export async function operatorOf(plan: ClusterPlan, cluster: Kubernetes) {
  const certificate = plan.certificates.find(({ workload }) => workload === OPERATOR)?.secret;
  const token = plan.secrets.find(({ id }) => id === `tokens/${OPERATOR}`)?.target;
  if (certificate === undefined || token === undefined) throw new RangeError('a plan without an operator');
  const [tls, tokens, trust] = await Promise.all([
    valuesOf(cluster, 'Secret', certificate),
    valuesOf(cluster, 'Secret', token),
    valuesOf(cluster, 'ConfigMap', { namespace: NAMESPACES.clients, name: TRUST_NAME }),
  ]);
  return {
    ca: trust['ca.crt'] ?? '',
    cert: tls['tls.crt'] ?? '',
    key: tls['tls.key'] ?? '',
    token: (tokens[token.key] ?? '').trim(),
  };
}

/** An endpoint, at a pod that is ready. @throws AdminUnreachable */
export async function reachReady(
  plan: ClusterPlan,
  cluster: Kubernetes,
  reach: Reach,
  endpoint: Endpoint,
): Promise<Reached> {
  return reach(await readyPod(plan, cluster, endpoint.workload), listenedPort(endpoint));
}

async function valuesOf(
  cluster: Kubernetes,
  kind: 'Secret' | 'ConfigMap',
  { namespace, name }: { readonly namespace: string; readonly name: string },
): Promise<Readonly<Record<string, string>>> {
  const data = await dataOf(cluster, { apiVersion: 'v1', kind, metadata: { namespace, name } });
  if (Object.keys(data).length > 0) return data;
  throw new PlatformError('SecretMissing', `there is no ${kind} ${namespace}/${name} yet`, {
    where: `${namespace}/${name}`,
    fix: 'platform apply --stage trust secrets',
  });
}

async function readyPod(plan: ClusterPlan, cluster: Kubernetes, workload: string) {
  const pods = await podsOf(plan, cluster, workload);
  const ready = pods.find(pod => pod.ready);
  if (ready !== undefined) return ready;
  throw new PlatformError('AdminUnreachable', `no ${workload} is ready`, {
    where: selectorOf(plan, workload),
    saw: `${pods.length} pods, none of them ready`,
  });
}
