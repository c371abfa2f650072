import { type Finding, finding, type Where } from '../../platform/errors.js';
import type { ClusterPlan } from '../../platform/plan/index.js';
import { mergeValues, type ValuePath, valueAt } from '../helm/shape.js';
import type { PulsarValues } from './catalogue/index.js';
import { checkPulsarValues } from './check.js';
import { HARDENING, valuePath } from './hardening.js';
import { generatedValues } from './values/index.js';

export interface PulsarRelease {
  readonly values: PulsarValues;
  readonly findings: readonly Finding[];
}

/**
 * The values that Helm gets: the generated ones with `pulsar.values` laid over them, and what is wrong with either.
 *
 * @param where the place of a path of `pulsar.values`
 */
export function pulsarRelease(
  plan: ClusterPlan,
  where: (path: ValuePath) => Where = path => ({ path: ['pulsar', 'values', ...path].join('.') }),
): PulsarRelease {
  const generated = generatedValues(plan);
  const overrides = plan.config.pulsar.values;
  const values = mergeValues(generated, overrides) as PulsarValues;
  return {
    values,
    findings: [
      ...checkPulsarValues(overrides, where, values),
      ...undoneHardening(plan, generated, overrides, where),
    ],
  };
}

function undoneHardening(
  plan: ClusterPlan,
  generated: PulsarValues,
  overrides: unknown,
  where: (path: ValuePath) => Where,
): Finding[] {
  const merged = mergeValues(generated, overrides);
  return HARDENING.filter(({ when }) => when === undefined || when(plan)).flatMap(({ values, hole }) =>
    values.flatMap(dotted => {
      const path = valuePath(dotted);
      const wanted = valueAt(generated, path);
      const got = valueAt(merged, path);
      if (got === wanted) return [];
      return [
        finding('HardeningUndone', `${dotted} opens a hole: ${hole}`, {
          where: where(path),
          saw: got ?? null,
          want: JSON.stringify(wanted),
        }),
      ];
    }),
  );
}
