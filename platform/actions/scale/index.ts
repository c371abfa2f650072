import type { Config } from '../../config/index.js';
import type { KubernetesOptions } from '../../edges/kubernetes.js';
import { makePlan } from '../../plan/index.js';
import { connectCluster } from '../cluster/connect.js';
import { assertAppliedFromHere } from '../cluster/gitops.js';
import { configMapStore, kubectlBookies } from './kubectl.js';
import { type ScaleOptions, scaleBookies } from './run.js';

export interface ScaleClusterOptions
  extends KubernetesOptions,
    Pick<ScaleOptions, 'to' | 'timeoutMs' | 'report' | 'signal'> {}

/**
 * Lets bookies of a cluster leave; see `scaleBookies`.
 *
 * @throws GitopsTakesBack
 */
export function scaleClusterBookies(config: Config, options: ScaleClusterOptions) {
  const { kubeconfig, context, ...rest } = options;
  assertAppliedFromHere(
    config,
    'the number of bookies',
    `commit what platform gitops makes of pulsar.bookies.replicas: ${options.to}`,
  );
  const cluster = connectCluster(makePlan(config, { target: 'cluster' }), options);
  return scaleBookies({
    ...rest,
    ensemble: config.pulsar.quorum.ensemble,
    cluster: kubectlBookies({
      kubernetes: cluster,
      signal: rest.signal,
      ...(kubeconfig !== undefined && { kubeconfig }),
    }),
    store: configMapStore(cluster),
  });
}
