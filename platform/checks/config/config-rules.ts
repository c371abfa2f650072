import { define } from '../define.js';
import type { Page, Rule } from '../rule.js';

/** Rules that reading the config applies (platform/config/rules): here are their pages. */
export function configRules(pages: readonly Page[]): Rule[] {
  return pages.map(page => define(page, { config: true }));
}
