import type { StageName } from '../stages.js';

/** A merge patch of one object that a chart renders, where the chart has no value for it. */
export interface ChartPatch {
  readonly why: string;
  readonly target: {
    readonly apiVersion: string;
    readonly kind: string;
    readonly name: string;
    readonly namespace: string;
  };
  readonly merge: Readonly<Record<string, unknown>>;
}

/** A chart of somebody else, with the values that the plan gives it. */
export interface HelmRelease {
  readonly name: string;
  readonly namespace: string;
  readonly stage: StageName;
  readonly chart: string;
  readonly version: string;
  /** Version of what it installs. */
  readonly appVersion: string;
  /** URL of the Helm repository, or `oci://…` without the name of the chart. */
  readonly repository: string;
  /** sha256 of the packed chart, where it is known. */
  readonly digest?: string;
  /** Whether the config names the digest, so that no other chart is taken from wherever. @default false */
  readonly pinned?: boolean;
  /** Images of the pods that it makes, for `lock.yaml`; with the digest, where the chart names it. */
  readonly images: readonly string[];
  readonly values: Readonly<Record<string, unknown>>;
  /** @default - none */
  readonly patches?: readonly ChartPatch[];
}
