import type { Chart } from 'cdk8s';
import type { ComponentProps } from '../component.js';
import type { HelmRelease } from '../helm/release.js';

/** One way to serve the sites. */
export interface IngressKind {
  readonly release: (props: ComponentProps) => HelmRelease;
  readonly objects: (chart: Chart, props: ComponentProps) => void;
}
