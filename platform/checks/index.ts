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
export { LIVE_PAGES, type LivePage, type LivePart } from './live.js';
export { readObjects, readTemplate, readValues } from './read.js';
export { RULES } from './registry.js';
export type { Example, Group, Rule, Subject } from './rule.js';
