import type { Config } from '../../config/index.js';
import { type KubernetesOptions, kubernetes } from '../../edges/kubernetes.js';
import { configMapStore, kubectlBookies } from './kubectl.js';
import { type ScaleOptions, scaleBookies } from './run.js';

export interface ScaleClusterOptions
  extends KubernetesOptions,
    Pick<ScaleOptions, 'to' | 'timeoutMs' | 'report' | 'signal'> {}

/** Lets bookies of a cluster leave; see `scaleBookies`. */
export function scaleClusterBookies({ pulsar }: Config, options: ScaleClusterOptions) {
  const { kubeconfig, context, ...rest } = options;
  const cluster = kubernetes({
    ...(kubeconfig !== undefined && { kubeconfig }),
    ...(context !== undefined && { context }),
  });
  return scaleBookies({
    ...rest,
    ensemble: pulsar.quorum.ensemble,
    cluster: kubectlBookies({
      kubernetes: cluster,
      signal: rest.signal,
      ...(kubeconfig !== undefined && { kubeconfig }),
    }),
    store: configMapStore(cluster),
  });
}
