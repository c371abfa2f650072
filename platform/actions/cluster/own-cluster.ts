import path from 'node:path';
import envPaths from 'env-paths';
import { eksKubeconfig } from '../../edges/eks.js';
import { PlatformError } from '../../errors.js';
import type { ClusterPlan } from '../../plan/index.js';
import type { TargetOptions } from '../target.js';
import { connectCluster } from './connect.js';

/**
 * The options with a kubeconfig that leads to the cluster of the plan. One that was named is taken at its word; where the
 * current context is another cluster, or there is none, EKS is asked for it, and nobody's own kubeconfig is changed.
 *
 * @returns undefined while there is no such cluster
 * @throws ContextMismatch, KubeconfigMissing, ToolMissing, CredentialsMissing
 */
export async function leadingToCluster<
  Options extends Pick<TargetOptions, 'kubeconfig' | 'context' | 'signal'>,
>(plan: ClusterPlan, options: Options): Promise<Options | undefined> {
  try {
    connectCluster(plan, options);
    return options;
  } catch (error) {
    const named = options.kubeconfig !== undefined || options.context !== undefined;
    const elsewhere =
      error instanceof PlatformError && ['KubeconfigMissing', 'ContextMismatch'].includes(error.code);
    if (named || !elsewhere) throw error;
  }
  const { prefix, cluster } = plan.names;
  const file = path.join(envPaths('pulsar-platform-kit', { suffix: '' }).cache, 'kubeconfig', prefix);
  const isThere = await eksKubeconfig({ name: cluster, region: plan.region, file, signal: options.signal });
  return isThere ? { ...options, kubeconfig: file } : undefined;
}
