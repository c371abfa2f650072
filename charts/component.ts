import type { Chart } from 'cdk8s';
import type { ClusterPlan, Outputs } from '../platform/plan/index.js';
import type { HelmRelease } from './helm/release.js';
import type { StageName } from './stages.js';

export interface ComponentProps {
  readonly plan: ClusterPlan;
  readonly outputs: Outputs;
}

/** One part of the Kubernetes side: objects of its own, charts of others, or both. A folder each. */
export interface Component {
  /** Name of its folder, and of its file. */
  readonly name: string;
  readonly stage: StageName;
  /** Adds its objects to the chart. @default - it has none */
  readonly objects?: (chart: Chart, props: ComponentProps) => void;
  /** Charts of others that it installs, with their values. @default - none */
  readonly releases?: (props: ComponentProps) => readonly HelmRelease[];
}
