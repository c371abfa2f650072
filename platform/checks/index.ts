import type { Finding } from '../errors.js';
import type { ClusterPlan } from '../plan/index.js';
import type { Artifacts } from './artifacts.js';
import { runRules } from './engine.js';
import { RULES } from './registry.js';

export {
  type Artifacts,
  type KubernetesObject,
  NO_ARTIFACTS,
  type Path,
  type PlacedObject,
  type Release,
  type Template,
} from './artifacts.js';
export { ruleReference } from './docs.js';
export { type CheckResult, runRules, type Verdict } from './engine.js';
export { readObjects, readTemplate, readValues } from './read.js';
export { RULES } from './registry.js';
export type { Example, Group, Rule, Subject } from './rule.js';

/** Every rule over a plan and what is made of it. Pure. */
export function checkArtifacts(plan: ClusterPlan | undefined, artifacts: Artifacts): readonly Finding[] {
  return runRules(RULES, { ...(plan && { plan }), artifacts }).findings;
}
