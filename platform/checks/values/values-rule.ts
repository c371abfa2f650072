import { define } from '../define.js';
import type { Page, Problem, Rule } from '../rule.js';
import type { Values } from './reader.js';

/** A rule over the values of the Pulsar chart, the kit's own or anybody's. */
export function valuesRule(page: Page, look: (values: Values) => readonly Problem[]): Rule {
  return define(page, { values: look });
}

/** A dotted path of values, as findings take it. */
export function at(dotted: string): string[] {
  return dotted.split('.');
}
