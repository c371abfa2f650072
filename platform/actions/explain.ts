import { type Example, LIVE_PAGES, RULES } from '../checks/index.js';
import { closestOf } from '../config/index.js';
import { CODES, type Code, type Finding, PlatformError } from '../errors.js';

/** The page of a code. What only rules have is absent for other codes. */
export interface Explanation {
  readonly code: Code;
  readonly means: string;
  readonly fix: string;
  /** Where there is no platform.yaml, when that is another. */
  readonly fixInFiles?: string;
  readonly group?: string;
  readonly severity?: Finding['severity'];
  readonly happens?: string;
  readonly why?: string;
  readonly source?: string;
  readonly examples?: { readonly bad: Example; readonly good: Example };
}

/** Every code of the kit, rules and errors, sorted. */
export function explainAll(): Explanation[] {
  return (Object.keys(CODES) as Code[]).sort().map(page);
}

/** The page of one code, by any spelling of its capitals. */
export function explain(asked: string): Explanation {
  const codes = Object.keys(CODES) as Code[];
  const code = codes.find(known => known.toLowerCase() === asked.toLowerCase());
  if (code !== undefined) return page(code);
  const near = closestOf(asked, codes);
  throw new PlatformError('RuleUnknown', `there is no code "${asked}"`, {
    saw: asked,
    refused: true,
    ...(near !== undefined && { fix: `did you mean ${near}? platform explain --all lists every code` }),
  });
}

function page(code: Code): Explanation {
  const { means, fix } = CODES[code];
  const rule = RULES.find(candidate => candidate.code === code);
  if (rule === undefined) {
    const live = LIVE_PAGES.find(candidate => candidate.code === code);
    if (live === undefined) return { code, means, fix };
    const { part, severity, happens, why, source } = live;
    return { code, means, fix, group: `live: ${part}`, severity, happens, why, source };
  }
  const { group, severity, happens, why, source, examples, fixInFiles } = rule;
  return {
    ...{ code, means, fix, group, severity, happens, why, source, examples },
    ...(fixInFiles !== undefined && { fixInFiles }),
  };
}
