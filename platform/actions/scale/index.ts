import type { Config } from '../../config/index.js';
import type { KubernetesOptions } from '../../edges/kubernetes.js';
import { makePlan } from '../../plan/index.js';
import { connectCluster } from '../cluster/connect.js';
import { configMapStore, kubectlBookies } from './kubectl.js';
import { type ScaleOptions, scaleBookies } from './run.js';

export interface ScaleClusterOptions
  extends KubernetesOptions,
    Pick<ScaleOptions, 'to' | 'timeoutMs' | 'report' | 'signal'> {}

/** Lets bookies of a cluster leave; see `scaleBookies`. */
export function scaleClusterBookies(config: Config, options: ScaleClusterOptions) {
  const { kubeconfig, context, ...rest } = options;
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
