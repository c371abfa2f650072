import type { StateFolder } from '../local/index.js';
import type { Environment } from '../local/install/index.js';

/** Which platform a command works on, and how it is reached. */
export interface TargetOptions {
  readonly target: 'local' | 'cluster';
  /** File of the config. */
  readonly config: string;
  readonly env?: string;
  /** Local: its state. */
  readonly folder: StateFolder;
  /** The user's environment variables. */
  readonly environment: Environment;
  readonly signal: AbortSignal;
  /** Cluster: @default - KUBECONFIG, then ~/.kube/config */
  readonly kubeconfig?: string;
  /** Cluster: naming it says that its cluster is meant, whatever it is called. @default - the current one */
  readonly context?: string;
  /** Cluster: @default - all of the plan */
  readonly stages?: readonly string[];
  /** Cluster: the helm program. */
  readonly helm: string;
  /** Cluster: folder with packed charts. @default - the cache of the user */
  readonly charts?: string;
  /** Cluster: file with the outputs of the AWS stacks. @default - CloudFormation is asked */
  readonly outputs?: string;
}

/** Whether a stage is among those that were asked for. */
export function asks({ stages }: Pick<TargetOptions, 'stages'>, stage: string): boolean {
  return stages?.includes(stage) ?? true;
}
