import type { Finding } from '../errors.js';
import type { LivePart } from './live.js';
import type { Layer, Rule, Subject } from './rule.js';

/** What came of one rule. */
export interface Verdict {
  readonly code: Rule['code'];
  /** Of the rule; or who was asked. */
  readonly group: Rule['group'] | LivePart;
  readonly severity: Rule['severity'];
  readonly passed: boolean;
}

export interface CheckResult {
  /** Every rule that could be applied, in the order of the registry. */
  readonly rules: readonly Verdict[];
  readonly findings: readonly Finding[];
}

/** Applies every rule whose layers are there. */
export function runRules(rules: readonly Rule[], subject: Subject): CheckResult {
  const present = layersOf(subject);
  const applied = rules.filter(
    ({ reads, needs = [] }) =>
      reads.some(layer => present.has(layer)) && needs.every(layer => present.has(layer)),
  );
  const results = applied.map(rule => ({ rule, findings: rule.check(subject) }));
  return {
    rules: results.map(({ rule: { code, group, severity }, findings }) => ({
      code,
      group,
      severity,
      passed: findings.length === 0,
    })),
    findings: results.flatMap(({ findings }) => findings),
  };
}

function layersOf({ config, plan, artifacts }: Subject): Set<Layer> {
  return new Set<Layer>([
    ...(config ? (['config'] as const) : []),
    ...(plan ? (['plan'] as const) : []),
    ...(artifacts.releases.length > 0 ? (['values'] as const) : []),
    ...(artifacts.objects.length > 0 ? (['objects'] as const) : []),
    ...(artifacts.templates.length > 0 ? (['templates'] as const) : []),
  ]);
}
