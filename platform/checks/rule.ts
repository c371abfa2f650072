import { type Code, type Finding, finding } from '../errors.js';
import type { ClusterPlan } from '../plan/index.js';
import type { Artifacts, Path, PlacedObject } from './artifacts.js';

/** What a rule reads. A rule whose layer is not there is not applied. */
export type Layer = 'config' | 'plan' | 'values' | 'objects' | 'templates';

export const GROUPS = [
  'config',
  'chart values',
  'encryption',
  'access',
  'certificates',
  'durability',
  'memory',
  'network',
  'storage',
  'upgrades',
  'aws',
] as const;

export type Group = (typeof GROUPS)[number];

/** What a rule is shown: the smallest artifacts that have the mistake, or don't. YAML. */
export interface Example {
  /** platform.yaml. @default - the smallest one */
  readonly config?: string;
  /** Values of the Pulsar chart. */
  readonly values?: string;
  /** Kubernetes objects, separated by `---`. */
  readonly objects?: string;
  /** A CloudFormation template. */
  readonly templates?: string;
}

/** The page of a rule: what `platform explain` prints, beside the meaning and the fix of its code. */
export interface Page {
  readonly code: Code;
  readonly group: Group;
  readonly severity: Finding['severity'];
  /** What happens to people who have it. */
  readonly happens: string;
  /** Why it does. */
  readonly why: string;
  /** Where the failure is known from: an issue, a page of documentation. */
  readonly source: string;
  /** What helps in files of somebody who has no platform.yaml. @default - the fix of the code */
  readonly fixInFiles?: string;
  readonly examples: { readonly bad: Example; readonly good: Example };
}

/** What is checked. */
export interface Subject {
  /** What reading the config found. Absent without a config. */
  readonly config?: readonly Finding[];
  /** Absent without a config. */
  readonly plan?: ClusterPlan;
  readonly artifacts: Artifacts;
}

/** One rule. Pure: the same subject gives the same findings. */
export interface Rule extends Page {
  /** Layers of which one must be there. */
  readonly reads: readonly Layer[];
  /** Layers that must all be there. @default - none */
  readonly needs?: readonly Layer[];
  readonly check: (subject: Subject) => readonly Finding[];
}

/** Something wrong in one document. */
export interface Problem {
  readonly path: Path;
  readonly message: string;
  readonly saw?: unknown;
  readonly want?: string;
  /** @default - the fix of the code */
  readonly fix?: string;
  /** @default - the severity of the rule */
  readonly severity?: Finding['severity'];
}

/** A problem of an object. */
export interface ObjectProblem extends Omit<Problem, 'path'> {
  readonly at: PlacedObject;
  readonly path?: Path;
}

export function findingOf(
  page: Page,
  { path, message, ...details }: Problem,
  where: (path: Path) => Finding['where'],
  { plan }: Subject,
): Finding {
  const place = where(path);
  const { severity, source, fixInFiles } = page;
  return finding(page.code, message, {
    ...{ severity, source },
    ...(plan === undefined && fixInFiles !== undefined && { fix: fixInFiles }),
    ...details,
    ...(place && { where: place }),
  });
}
