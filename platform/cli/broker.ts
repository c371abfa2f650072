import type { BrokerPorts } from '../actions/local/broker-ports.js';
import { localOptions } from './commands/local.js';
import type { Context } from './context.js';
import type { PlatformFlags } from './target.js';

type AdminPorts = Omit<BrokerPorts, 'client'>;

/** The admin API of Pulsar on either target. */
export async function withAdmin<T>(
  context: Context,
  flags: PlatformFlags,
  work: (ports: AdminPorts) => Promise<T>,
): Promise<T> {
  if (flags.target === 'local') return withLocal(context, flags, work);
  const [{ withClusterAdmin }, { plan, cluster, reach }] = await Promise.all([
    import('../actions/cluster/admin.js'),
    clusterOf(context, flags),
  ]);
  return withClusterAdmin(plan, cluster, reach, admin => work({ plan, admin }));
}

/** The same, and messages as the operator. */
export async function withBroker<T>(
  context: Context,
  flags: PlatformFlags,
  work: (ports: BrokerPorts) => Promise<T>,
): Promise<T> {
  if (flags.target === 'local') return withLocal(context, flags, work);
  const [{ withClusterBroker }, { plan, cluster, reach }] = await Promise.all([
    import('../actions/cluster/broker.js'),
    clusterOf(context, flags),
  ]);
  return withClusterBroker(plan, cluster, reach, work);
}

async function withLocal<T>(
  context: Context,
  flags: PlatformFlags,
  work: (ports: BrokerPorts) => Promise<T>,
): Promise<T> {
  const [{ loadConfig }, { withLocalBroker }] = await Promise.all([
    import('../actions/load.js'),
    import('../actions/local/broker-ports.js'),
  ]);
  const { folder } = await localOptions(context, flags);
  return withLocalBroker(await loadConfig(flags.config, flags.env), folder, work);
}

/** The cluster that is meant, and the way to its pods. */
export async function clusterOf({ io }: Context, flags: PlatformFlags) {
  const [{ loadConfig }, { connectCluster }, { forwarding }, { makePlan }] = await Promise.all([
    import('../actions/load.js'),
    import('../actions/cluster/connect.js'),
    import('../actions/cluster/reach.js'),
    import('../plan/index.js'),
  ]);
  const plan = makePlan(await loadConfig(flags.config, flags.env), { target: 'cluster' });
  const cluster = connectCluster(plan, flags);
  const { kubeconfig } = flags;
  const reach = forwarding(cluster, { signal: io.signal, ...(kubeconfig !== undefined && { kubeconfig }) });
  return { plan, cluster, reach };
}
