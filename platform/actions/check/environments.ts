import type { CheckResult, Verdict } from '../../checks/index.js';
import type { Finding } from '../../errors.js';

/** What the check of one environment brought; `(base)` is the file without any. */
export interface CheckedEnvironment {
  readonly environment: string;
  readonly result: CheckResult;
}

/** In brackets, which no environment has in its name: one that is called `base` is another. */
export const BASE = '(base)';

export interface AcrossEnvironments extends CheckResult {
  /** Those that are told of: a base that is only there to be completed is not. */
  readonly environments: readonly string[];
}

/**
 * Several environments' results as one: what all share is told once, the rest says whose it is. A rule has passed when
 * it has in each; one that could not look everywhere is not among them, unless it found something. Pure.
 */
export function acrossEnvironments(checked: readonly CheckedEnvironment[]): AcrossEnvironments {
  const told = withoutWhatOthersGive(checked);
  const all = told.map(({ environment }) => environment);
  const groups = new Map<string, { readonly found: Finding; readonly environments: Set<string> }>();
  for (const { environment, result } of told) {
    for (const found of result.findings) {
      const key = groups.has(mistake(found)) ? mistake(found) : mistake(found) + placeOf(found, environment);
      const group = groups.get(key) ?? { found, environments: new Set<string>() };
      group.environments.add(environment);
      groups.set(key, group);
    }
  }
  return {
    environments: all,
    rules: rulesOf(told.map(({ result }) => result.rules)),
    findings: [...groups.values()].map(({ found, environments }) =>
      environments.size === all.length
        ? found
        : { ...found, environments: all.filter(name => environments.has(name)) },
    ),
  };
}

/** Where the base has a mistake, an environment that has it too has it from there, however it is laid over it. */
function placeOf({ where }: Finding, environment: string): string {
  return environment === BASE ? '' : JSON.stringify(where);
}

function mistake({ where, ...rest }: Finding): string {
  const path = where?.path?.replace(/^environments\.[^.]+\./, '');
  const place = path === undefined ? where : where?.line === undefined ? where?.file : undefined;
  return JSON.stringify([rest, path, place]);
}

/** What the base lacks and every environment gives is no mistake; a base of which nothing else is said is no platform. */
function withoutWhatOthersGive(checked: readonly CheckedEnvironment[]): readonly CheckedEnvironment[] {
  const [base, ...others] = checked;
  if (base === undefined || others.length === 0) return checked;
  const lacking = new Set(others.flatMap(({ result }) => result.findings.filter(isMissing).map(mistake)));
  const findings = base.result.findings.filter(found => !isMissing(found) || lacking.has(mistake(found)));
  if (findings.length === base.result.findings.length) return checked;
  return findings.length === 0 ? others : [{ ...base, result: { ...base.result, findings } }, ...others];
}

function isMissing({ code }: Finding): boolean {
  return code === 'ConfigMissing';
}

function rulesOf(results: readonly (readonly Verdict[])[]): readonly Verdict[] {
  const verdicts = new Map<string, Verdict[]>();
  for (const verdict of results.flat()) {
    verdicts.set(verdict.code, [...(verdicts.get(verdict.code) ?? []), verdict]);
  }
  return [...verdicts.values()].flatMap(each => {
    const [first] = each;
    const passed = each.every(verdict => verdict.passed);
    return first !== undefined && (each.length === results.length || !passed) ? [{ ...first, passed }] : [];
  });
}
