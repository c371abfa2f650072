import { type Client, connectGateway } from '../../../demo-services/messaging/index.js';
import type { Kubernetes } from '../../edges/kubernetes.js';
import type { PulsarAdmin } from '../../edges/pulsar-admin.js';
import { PlatformError } from '../../errors.js';
import type { ClusterPlan } from '../../plan/index.js';
import { operatorOf, reachReady, withClusterAdmin } from './admin.js';
import type { Reach } from './reach.js';

/** Pulsar in a cluster: its admin API, and messages as the operator. */
export interface ClusterBroker {
  readonly plan: ClusterPlan;
  readonly admin: PulsarAdmin;
  readonly client: Client;
}

/**
 * Opens both for the work, and closes them whatever comes of it. Messages go by the WebSocket gateway, which serves every
 * topic at one port; a client of the binary protocol would have to reach the very broker of each.
 *
 * @throws GatewayMissing, and what `withClusterAdmin` throws
 */
export async function withClusterBroker<T>(
  plan: ClusterPlan,
  cluster: Kubernetes,
  reach: Reach,
  work: (ports: ClusterBroker) => Promise<T>,
): Promise<T> {
  const gateway = plan.endpoints.find(({ protocol }) => protocol === 'wss');
  if (gateway === undefined) {
    throw new PlatformError('GatewayMissing', 'this platform has no WebSocket gateway to read messages by', {
      where: 'pulsar.websocket',
      saw: 'off',
      want: 'proxy or broker',
      refused: true,
    });
  }
  return withClusterAdmin(plan, cluster, reach, async admin => {
    const credentials = await operatorOf(plan, cluster);
    const reached = await reachReady(plan, cluster, reach, gateway);
    const client = connectGateway({
      url: `wss://${gateway.hostnames[0]}:${gateway.port}`,
      at: reached,
      credentials,
    });
    try {
      return await work({ plan, admin, client });
    } finally {
      await client.close();
      await reached.close();
    }
  });
}
