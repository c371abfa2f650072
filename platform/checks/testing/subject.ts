import { parse, stringify } from 'yaml';
import { isRecord, overlay, parseConfig } from '../../config/index.js';
import { MINIMAL } from '../../config/testing/configs.js';
import { makePlan } from '../../plan/index.js';
import { readObjects, readTemplate, readValues } from '../read.js';
import type { Example, Rule, Subject } from '../rule.js';

const TODAY = '2026-11-25';

/** An example of a rule, as the rule is shown it. */
export function subjectOf({ config, values, objects, templates }: Example, rule: Rule): Subject {
  const parsed = parseConfig(written(config), { today: TODAY });
  const wantsPlan = rule.needs?.includes('plan') && parsed.config !== undefined;
  return {
    ...(config !== undefined && { config: parsed.findings }),
    ...(wantsPlan && { plan: makePlan(parsed.config, { target: 'cluster' }) }),
    artifacts: {
      releases: values === undefined ? [] : [read(readValues(values, 'values.yaml'))],
      objects: objects === undefined ? [] : read(readObjects(objects, 'objects.yaml')),
      templates: templates === undefined ? [] : [read(readTemplate(templates, 'template.yaml'))],
    },
  };
}

/** The smallest config, with what an example says laid over it. */
function written(config: string | undefined): string {
  const base: unknown = parse(MINIMAL);
  const over: unknown = parse(config ?? '{}');
  return stringify(isRecord(base) && isRecord(over) ? overlay(base, over) : base);
}

function read<T>(result: { readonly read?: T; readonly findings?: unknown }): T {
  if (result.read === undefined) throw new Error(JSON.stringify(result.findings));
  return result.read;
}
