import type { Kubernetes } from '../../edges/kubernetes.js';
import type { ClusterPlan } from '../../plan/index.js';
import { withClusterAdmin } from '../cluster/admin.js';
import type { Reach } from '../cluster/reach.js';
import { type AdminAction, applyTenants, planTenants } from './index.js';

/** The admin plan against Pulsar in a cluster. */
export function clusterTenants(
  verb: 'plan' | 'apply',
  plan: ClusterPlan,
  cluster: Kubernetes,
  reach: Reach,
): Promise<AdminAction[]> {
  return withClusterAdmin(plan, cluster, reach, admin =>
    (verb === 'plan' ? planTenants : applyTenants)(admin, plan),
  );
}
