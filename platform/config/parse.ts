import { isMap, isScalar, isSeq } from 'yaml';
import type { z } from 'zod';
import { type Finding, finding } from '../errors.js';
import { type Config, complete } from './complete.js';
import { findingsOf } from './findings.js';
import { ENVIRONMENT_NAME, nameVariants } from './json-schema.js';
import { locate, readSource, type Source } from './locate.js';
import { isRecord, overlay, type Values } from './merge.js';
import { type Problem, RULES } from './rules/index.js';
import { configSchema } from './schema/index.js';
import { suggestion } from './suggest.js';
import { syntaxFinding } from './syntax.js';
import { without } from './without.js';

export interface ParseOptions {
  /** Name of the file, for findings. @default 'platform.yaml' */
  readonly file?: string;
  /** Environment under `environments` whose values override the rest. @default - none */
  readonly env?: string;
  /** `2026-11-21`. @default - rules about dates say nothing */
  readonly today?: string;
}

/** A config, perhaps with warnings, or no config and at least one error. */
export type ParseResult =
  | { readonly config: Config; readonly findings: readonly Finding[] }
  | { readonly config?: undefined; readonly findings: readonly Finding[] };

/** YAML text → Config of one environment, or every finding at once, each with its line and column. Pure. */
export function parseConfig(text: string, options: ParseOptions = {}): ParseResult {
  const source = readSource(text, options.file ?? 'platform.yaml');
  const read = valuesOf(source);
  if (Array.isArray(read)) return { findings: read };
  const { environments, ...base } = read;
  const overrides = overridesOf(source, environments, options.env);
  if (Array.isArray(overrides)) {
    // The rest of the file has its mistakes all the same; what it lacks may be in the environment that was meant.
    const { findings } = parseValues(source, base, {}, { ...options, env: undefined });
    return { findings: [...overrides, ...findings.filter(({ code }) => code !== 'ConfigMissing')] };
  }
  return parseValues(source, base, overrides, options);
}

type Chosen = Pick<ParseOptions, 'today'> & { readonly env?: string | undefined };

function parseValues(source: Source, base: Values, overrides: Values, options: Chosen): ParseResult {
  const written = nameVariants(overlay(base, overrides));
  const parsed = configSchema.safeParse(written, { reportInput: true });
  const found = (problem: Problem) => toFinding(problem, source, options.env);
  if (!parsed.success) {
    const { issues } = parsed.error;
    const findings = firstOfEach(issues).flatMap(issue =>
      findingsOf(issue, written, path => locate(source, path, options.env)),
    );
    return { findings: [...findings, ...problemsOfRest(written, issues, options).map(found)] };
  }
  const config: Config = complete(parsed.data, options.env);
  const findings = problemsOf(config, options).map(found);
  return findings.some(({ severity }) => severity === 'error') ? { findings } : { config, findings };
}

function problemsOf(config: Config, { today }: Chosen): readonly Problem[] {
  return RULES.flatMap(rule => rule(config, today));
}

/**
 * What rules find in the rest of a file, without what the schema refuses, so that nobody mends one half to see the other.
 * Of a section in which a value could not be read nothing is said: it would be about a default that nobody chose.
 */
function problemsOfRest(
  written: unknown,
  issues: readonly z.core.$ZodIssue[],
  options: Chosen,
): readonly Problem[] {
  const rest = configSchema.safeParse(without(written, issues));
  if (!rest.success) return [];
  const unread = new Set(
    issues.filter(({ code }) => code !== 'unrecognized_keys').map(({ path }) => path[0]),
  );
  return problemsOf(complete(rest.data, options.env), options).filter(
    ({ path }) => !unread.has(path[0] ?? ''),
  );
}

/** Of what is no list, its length says nothing; of two bounds the closer one, which comes later, says all. */
function firstOfEach(issues: readonly z.core.$ZodIssue[]): readonly z.core.$ZodIssue[] {
  const at = ({ path }: z.core.$ZodIssue) => JSON.stringify(path);
  const other = new Set(issues.filter(({ code }) => code === 'invalid_type').map(at));
  const same = (issue: z.core.$ZodIssue) => `${issue.code} ${at(issue)}`;
  const bounds = new Map(issues.filter(isBound).map(issue => [same(issue), issue]));
  return issues
    .filter(issue => issue.code === 'invalid_type' || !other.has(at(issue)))
    .filter(issue => !isBound(issue) || bounds.get(same(issue)) === issue);
}

function isBound({ code }: z.core.$ZodIssue): boolean {
  return code === 'too_big' || code === 'too_small';
}

/** Names under `environments`, sorted; empty when the file has none or can't be read. */
export function environmentsOf(text: string): string[] {
  const read = valuesOf(readSource(text, ''));
  const environments = Array.isArray(read) ? undefined : read['environments'];
  return isRecord(environments) ? Object.keys(environments).sort() : [];
}

function valuesOf(source: Source): Values | Finding[] {
  const { document, file } = source;
  const problems = [...document.errors, ...document.warnings];
  if (problems.length > 0) return problems.map(error => syntaxFinding(error, source, 'ConfigSyntax'));
  const top = { file, line: 1, column: 1 };
  if (!isMap(document.contents)) {
    const { contents } = document;
    const saw = isSeq(contents)
      ? 'a list'
      : isScalar(contents) && contents.value !== null
        ? 'a single value'
        : 'nothing';
    return [
      finding('ConfigInvalid', `the file holds ${saw}, and no keys`, {
        where: top,
        saw,
        want: 'a mapping: name, region, domain',
      }),
    ];
  }
  try {
    const values: unknown = document.toJS();
    if (!isTree(values)) {
      return [finding('ConfigSyntax', 'an alias stands within what it names', { where: top })];
    }
    return isRecord(values) ? values : {};
  } catch (error) {
    const saw = error instanceof Error ? error.message : String(error);
    // The one thing that the library finds only now.
    const message = 'aliases of aliases make the file many times as large as it is written';
    return [
      finding('ConfigSyntax', message, { where: top, saw, want: 'the values themselves, or fewer aliases' }),
    ];
  }
}

function isTree(values: unknown): boolean {
  try {
    JSON.stringify(values);
    return true;
  } catch {
    return false;
  }
}

function overridesOf(source: Source, environments: unknown, env: string | undefined): Values | Finding[] {
  const where = locate(source, ['environments']);
  if (environments !== undefined && environments !== null && !isRecord(environments)) {
    return [
      finding('ConfigInvalid', 'environments is not valid', { where, saw: environments, want: 'a mapping' }),
    ];
  }
  const known = Object.entries(environments ?? {});
  const problems = known.flatMap(([name, values]) => {
    const place = locate(source, ['environments', name]);
    if (!ENVIRONMENT_NAME.test(name)) {
      return [
        finding('ConfigInvalid', `environments.${name} is not valid`, {
          where: place,
          saw: name,
          want: 'a name of at most 16 lower-case letters, digits and dashes',
        }),
      ];
    }
    return isRecord(values) || values === null
      ? []
      : [
          finding('ConfigInvalid', `environments.${name} is not valid`, {
            where: place,
            saw: values,
            want: 'a mapping',
          }),
        ];
  });
  if (problems.length > 0) return problems;
  if (env === undefined) return {};
  const chosen = known.find(([name]) => name === env);
  if (chosen !== undefined) return isRecord(chosen[1]) ? chosen[1] : {};
  const names = known.map(([name]) => name);
  return [
    finding('ConfigUnknownEnvironment', `there is no environment "${env}"`, {
      where,
      saw: env,
      want: names.length > 0 ? `one of ${names.join(', ')}` : 'an entry under `environments`',
      ...suggestion(env, names),
    }),
  ];
}

function toFinding(
  { code, path, message, ...details }: Problem,
  source: Source,
  env: string | undefined,
): Finding {
  return finding(code, message, { ...details, where: locate(source, path, env) });
}
