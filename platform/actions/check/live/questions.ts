import pMap from 'p-map';
import { LIVE_PAGES, type LivePart, RULES, type Verdict } from '../../../checks/index.js';
import { type Code, type Finding, type FindingDetails, finding, PlatformError } from '../../../errors.js';

/** One thing that is asked of something that runs, and what its answer may bring. */
export interface Question {
  /** For people: `the hosted zone`. */
  readonly what: string;
  readonly codes: readonly Code[];
  /** @throws Unanswered, PlatformError when there is no answer */
  ask(): Promise<readonly Finding[]>;
}

/** There is no answer; the message says why. */
export class Unanswered extends Error {}

/** What was asked, or why not: never a silent pass. */
export interface Asked {
  readonly part: LivePart;
  readonly what: string;
  /** Absent when there was an answer. */
  readonly notAsked?: string;
}

export interface LiveResult {
  readonly asked: readonly Asked[];
  readonly rules: readonly Verdict[];
  readonly findings: readonly Finding[];
}

const AT_ONCE = 4;

/** Asks them all; one without an answer does not keep the others from theirs. */
export async function askAll(
  part: LivePart,
  questions: readonly Question[],
  signal?: AbortSignal,
): Promise<LiveResult> {
  const results = await pMap(questions, question => answered(part, question, signal), {
    concurrency: AT_ONCE,
  });
  return together(results);
}

export function together(results: readonly LiveResult[]): LiveResult {
  return {
    asked: results.flatMap(({ asked }) => asked),
    rules: results.flatMap(({ rules }) => rules),
    findings: results.flatMap(({ findings }) => findings),
  };
}

/** A whole part that could not be asked. */
export function partNotAsked(part: LivePart, why: string): LiveResult {
  return notAsked(part, part === 'aws' ? 'the AWS account' : `the ${part}`, why);
}

async function answered(
  part: LivePart,
  { what, codes, ask }: Question,
  signal?: AbortSignal,
): Promise<LiveResult> {
  try {
    const findings = await ask();
    const found = new Set(findings.map(({ code }) => code));
    const rules = codes.map(code => ({ code, ...groupOf(code, part), passed: !found.has(code) }));
    return { asked: [{ part, what }], rules, findings };
  } catch (error) {
    if (signal?.aborted || !(error instanceof Unanswered || error instanceof PlatformError)) throw error;
    return notAsked(part, what, reasonOf(error));
  }
}

export function reasonOf(error: Error): string {
  if (!(error instanceof PlatformError)) return error.message;
  return [`${error.code}: ${error.message}`, error.saw].filter(Boolean).join(': ');
}

function notAsked(part: LivePart, what: string, why: string): LiveResult {
  const found = finding('LiveNotAsked', `${what}: not asked`, {
    severity: 'warning',
    where: { file: part },
    saw: why,
  });
  return { asked: [{ part, what, notAsked: why }], rules: [], findings: [found] };
}

function groupOf(code: Code, part: LivePart): Pick<Verdict, 'group' | 'severity'> {
  const { severity = 'warning' } =
    LIVE_PAGES.find(page => page.code === code) ?? RULES.find(rule => rule.code === code) ?? {};
  return { group: part, severity };
}

/** A finding at something that runs, with severity and source of the page of its code. */
export function liveFinding(
  code: Code,
  message: string,
  details: FindingDetails & { readonly at: readonly [LivePart, string?] },
): Finding {
  const { at, ...rest } = details;
  const [file, path] = at;
  const page = LIVE_PAGES.find(it => it.code === code) ?? RULES.find(it => it.code === code);
  return finding(code, message, {
    ...(page && { severity: page.severity, source: page.source }),
    where: { file, ...(path !== undefined && { path }) },
    ...rest,
  });
}
