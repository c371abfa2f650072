import process from 'node:process';
import { NO_ARTIFACTS, type PlacedObject, RULES, runRules } from '../../../checks/index.js';
import type { Config } from '../../../config/index.js';
import type { Kubernetes } from '../../../edges/kubernetes.js';
import type { PulsarAdmin } from '../../../edges/pulsar-admin.js';
import { PlatformError } from '../../../errors.js';
import type { ClusterPlan } from '../../../plan/index.js';
import type { Reach } from '../../cluster/reach.js';
import type { AskAwsOptions } from './aws.js';
import { type LiveResult, partNotAsked, reasonOf, together } from './questions.js';

export type { Asked, LiveResult } from './questions.js';

export interface LiveClusterOptions extends AskAwsOptions {
  readonly target: 'cluster';
  readonly kubeconfig?: string;
  readonly context?: string;
  /** How a port of a pod is dialled. @default - kubectl port-forward */
  readonly reach?: Reach;
}

export type LiveOptions =
  | LiveClusterOptions
  | { readonly target: 'local'; readonly state?: string; readonly signal: AbortSignal };

/** The broker of this machine. */
export async function askLocal(
  config: Config,
  file: string,
  { state, signal }: Extract<LiveOptions, { target: 'local' }>,
): Promise<LiveResult> {
  const [{ withLocalAdmin }, { localFolder }, { askBroker }] = await Promise.all([
    import('../../local/tenants.js'),
    import('../../local/folder.js'),
    import('./broker.js'),
  ]);
  const folder = await localFolder(process.cwd(), file, state);
  return withLocalAdmin(config, folder, (admin, plan) => askBroker(plan, async () => admin, signal));
}

/** The cluster, the broker in it and the AWS account; a part that can not be asked is said, and the others are asked. */
export async function askEverything(
  plan: ClusterPlan,
  written: readonly PlacedObject[],
  options: LiveClusterOptions,
): Promise<LiveResult> {
  const account = async () => (await import('./aws.js')).askAccount(plan, options);
  return together(await Promise.all([askInside(plan, written, options), account()]));
}

async function askInside(
  plan: ClusterPlan,
  written: readonly PlacedObject[],
  options: LiveClusterOptions,
): Promise<LiveResult> {
  const connected = await connect(plan, options);
  if ('why' in connected) {
    const { why } = connected;
    return together([partNotAsked('cluster', why), partNotAsked('broker', 'the cluster is not asked')]);
  }
  const { cluster, reach } = connected;
  const { askCluster } = await import('./cluster.js');
  const { signal } = options;
  return together([
    await askCluster(plan, cluster, written, signal),
    await applyObjectRules(plan, cluster),
    await askBrokerInside(plan, cluster, reach, signal),
  ]);
}

/** Whether somebody is there at all; what was named by hand and is not there is a mistake. */
async function connect(
  plan: ClusterPlan,
  { kubeconfig, context, reach, signal }: LiveClusterOptions,
): Promise<{ readonly cluster: Kubernetes; readonly reach: Reach } | { readonly why: string }> {
  const [{ connectCluster }, { leadingToCluster }, { forwarding }] = await Promise.all([
    import('../../cluster/connect.js'),
    import('../../cluster/own-cluster.js'),
    import('../../cluster/reach.js'),
  ]);
  const named = {
    ...(kubeconfig !== undefined && { kubeconfig }),
    ...(context !== undefined && { context }),
    signal,
  };
  try {
    const leading = await leadingToCluster(plan, named);
    if (leading === undefined) return { why: `EKS has no cluster ${plan.names.cluster} yet` };
    const cluster = connectCluster(plan, leading);
    await cluster.version();
    return { cluster, reach: reach ?? forwarding(cluster, leading) };
  } catch (error) {
    if (!(error instanceof PlatformError) || signal.aborted) throw error;
    const isMistake = error.code === 'KubeconfigMissing' && (kubeconfig ?? context) !== undefined;
    if (isMistake) throw error;
    return { why: reasonOf(error) };
  }
}

/** The rules over objects, applied to those that the cluster has. */
async function applyObjectRules(plan: ClusterPlan, cluster: Kubernetes): Promise<LiveResult> {
  const { liveObjects } = await import('./objects.js');
  try {
    const objects = await liveObjects(cluster, plan);
    const artifacts = { ...NO_ARTIFACTS, objects };
    const result = runRules(
      RULES.filter(({ reads }) => reads.includes('objects')),
      { plan, artifacts },
    );
    return { asked: [{ part: 'cluster', what: `${objects.length} objects` }], ...result };
  } catch (error) {
    if (error instanceof PlatformError) return partNotAsked('cluster', `objects: ${reasonOf(error)}`);
    throw error;
  }
}

/** Through a proxy, as the operator. */
async function askBrokerInside(
  plan: ClusterPlan,
  cluster: Kubernetes,
  reach: Reach,
  signal: AbortSignal,
): Promise<LiveResult> {
  const [{ openClusterAdmin }, { askBroker }] = await Promise.all([
    import('../../cluster/admin.js'),
    import('./broker.js'),
  ]);
  let admin: PulsarAdmin;
  try {
    admin = await openClusterAdmin(plan, cluster, reach);
  } catch (error) {
    if (!(error instanceof PlatformError) || signal.aborted) throw error;
    return partNotAsked('broker', reasonOf(error));
  }
  try {
    return await askBroker(plan, async () => admin, signal);
  } finally {
    await admin.close();
  }
}
