import type { Where } from '../errors.js';

/** A path inside a document, key by key. */
export type Path = readonly (string | number)[];

interface Placed {
  /** The place of a path, for findings: line and column in a file of the user, or the name of an artifact. */
  readonly where: (path: Path) => Where;
}

/** A Kubernetes object, of whatever kind. */
export interface KubernetesObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly [key: string]: unknown;
}

export interface PlacedObject extends Placed {
  readonly object: KubernetesObject;
}

/** A Helm release: a chart and the values that it gets. */
export interface Release extends Placed {
  readonly name: string;
  readonly namespace?: string;
  /** Name of the chart: `pulsar`. */
  readonly chart: string;
  readonly values: unknown;
}

/** A CloudFormation template, as CloudFormation reads it. */
export interface Template extends Placed {
  readonly name: string;
  readonly body: unknown;
}

/** Everything that a config makes, or that somebody else brings. */
export interface Artifacts {
  readonly objects: readonly PlacedObject[];
  readonly releases: readonly Release[];
  readonly templates: readonly Template[];
}

export const NO_ARTIFACTS: Artifacts = { objects: [], releases: [], templates: [] };
