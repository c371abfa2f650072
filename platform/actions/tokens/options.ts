import type { Config } from '../../config/index.js';
import type { Report } from '../../report.js';
import type { Reach } from '../cluster/reach.js';

export interface ClusterTokensOptions {
  readonly config: Config;
  /** Where it was read from: SOPS files are beside it. */
  readonly file: string;
  readonly kubeconfig?: string;
  readonly context?: string;
  /** Whether brokers are restarted though Pulsar is not well. @default false */
  readonly ignoreGates?: boolean;
  /** How a port of a pod is dialled, where pods are asked. @default - kubectl port-forward */
  readonly reach?: Reach;
  readonly report: Report;
  readonly signal: AbortSignal;
}
