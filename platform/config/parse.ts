import { closest, distance } from 'fastest-levenshtein';
import type { Document } from 'yaml';
import { isMap, LineCounter, parseDocument } from 'yaml';
import { z } from 'zod';
import { type Finding, finding, type Where } from '../errors.js';
import { type Config, configSchema } from './schema.js';

export interface ParseOptions {
  /** Name of the file, for findings. @default 'platform.yaml' */
  readonly file?: string;
  /** Environment under `environments` whose values override the rest. @default - none */
  readonly env?: string;
}

export type ParseResult =
  | { readonly config: Config; readonly findings: readonly [] }
  | { readonly config?: undefined; readonly findings: readonly Finding[] };

type Path = readonly (string | number)[];

/** YAML text → Config of one environment, or every finding at once, each with its line and column. Pure. */
export function parseConfig(text: string, options: ParseOptions = {}): ParseResult {
  const file = options.file ?? 'platform.yaml';
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });

  const syntax = document.errors.map(error => {
    const { line, col } = lines.linePos(error.pos[0]);
    return finding('ConfigSyntax', error.message.split('\n')[0] ?? error.message, {
      where: { file, line, column: col },
    });
  });
  if (syntax.length > 0) return { findings: syntax };
  if (!isMap(document.contents)) {
    return {
      findings: [
        finding('ConfigInvalid', 'the file has no keys', {
          where: { file, line: 1, column: 1 },
          want: 'a mapping',
        }),
      ],
    };
  }

  const { environments, ...base } = document.toJS() as Record<string, unknown>;
  const overrides = pickEnvironment(environments, options.env);
  if (overrides === undefined) {
    const known = isRecord(environments) ? Object.keys(environments) : [];
    return {
      findings: [
        finding('ConfigUnknownEnvironment', `there is no environment "${options.env}"`, {
          where: locate(document, lines, file, ['environments'], undefined),
          saw: options.env,
          want: known.length > 0 ? `one of ${known.join(', ')}` : 'an entry under `environments`',
          ...suggestion(options.env ?? '', known),
        }),
      ],
    };
  }

  const parsed = configSchema.safeParse(deepMerge(base, overrides), { reportInput: true });
  if (parsed.success) return { config: parsed.data, findings: [] };
  return {
    findings: parsed.error.issues.flatMap(issue =>
      toFindings(issue, path => locate(document, lines, file, path, options.env)),
    ),
  };
}

function pickEnvironment(
  environments: unknown,
  env: string | undefined,
): Record<string, unknown> | undefined {
  if (env === undefined) return {};
  if (!isRecord(environments) || !(env in environments)) return undefined;
  const chosen = environments[env];
  return isRecord(chosen) ? chosen : {};
}

/** Objects merge key by key; everything else, lists included, is replaced. */
function deepMerge(base: Record<string, unknown>, over: Record<string, unknown>): Record<string, unknown> {
  const merged = { ...base };
  for (const [key, value] of Object.entries(over)) {
    const below = merged[key];
    merged[key] = isRecord(below) && isRecord(value) ? deepMerge(below, value) : value;
  }
  return merged;
}

function toFindings(issue: z.core.$ZodIssue, where: (path: Path) => Where): Finding[] {
  const path = issue.path as Path;
  const dotted = path.join('.') || 'the file';
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map(key =>
      finding('ConfigUnknownKey', `unknown key "${key}"`, {
        where: where([...path, key]),
        saw: key,
        ...suggestion(key, keysAt(path)),
      }),
    );
  }
  if (issue.code === 'invalid_type' && issue.input === undefined) {
    return [finding('ConfigMissing', `${dotted} is missing`, { where: where(path), want: issue.expected })];
  }
  const want = wanted(issue);
  return [
    finding('ConfigInvalid', `${dotted} is not valid`, {
      where: where(path),
      saw: issue.input,
      want,
      ...(issue.code === 'invalid_value' && typeof issue.input === 'string'
        ? suggestion(issue.input, issue.values.map(String))
        : {}),
    }),
  ];
}

function wanted(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return issue.expected;
    case 'invalid_value':
      return `one of ${issue.values.map(String).join(', ')}`;
    case 'too_small':
      return `>= ${issue.minimum}`;
    case 'too_big':
      return `<= ${issue.maximum}`;
    default:
      return issue.message.replace(/^wanted /, '');
  }
}

/** "did you mean" as the fix, when a known word is near enough. */
function suggestion(seen: string, known: readonly string[]): { fix?: string } {
  if (known.length === 0) return {};
  const nearest = closest(seen, [...known]);
  const near = distance(seen.toLowerCase(), nearest.toLowerCase()) <= Math.max(2, seen.length / 3);
  return { fix: near ? `did you mean "${nearest}"?` : `use one of: ${known.join(', ')}` };
}

interface JsonSchema {
  readonly properties?: Readonly<Record<string, JsonSchema>>;
}

/** The keys that the schema knows at a path. */
function keysAt(path: Path): string[] {
  let schema = configJsonSchema() as JsonSchema | undefined;
  for (const step of path) schema = schema?.properties?.[String(step)];
  return Object.keys(schema?.properties ?? {});
}

/** JSON Schema (draft 2020-12) of platform.yaml without `environments`. */
export function configJsonSchema(): z.core.JSONSchema.BaseSchema {
  return z.toJSONSchema(configSchema, { io: 'input' });
}

/** The place of a path: in the environment's overrides where they hold it, else in the base, else its nearest parent. */
function locate(
  document: Document,
  lines: LineCounter,
  file: string,
  path: Path,
  env: string | undefined,
): Where {
  const candidates: Path[] = env === undefined ? [path] : [['environments', env, ...path], path];
  for (const candidate of candidates) {
    const offset = offsetOf(document, candidate);
    if (offset !== undefined) return { file, ...position(lines, offset), path: candidate.join('.') };
  }
  for (let length = path.length - 1; length > 0; length -= 1) {
    const offset = offsetOf(document, path.slice(0, length));
    if (offset !== undefined) return { file, ...position(lines, offset), path: path.join('.') };
  }
  return { file, line: 1, column: 1, path: path.join('.') };
}

/** Offset of the key of a path (of the item, in a list), or undefined when the document does not hold it. */
function offsetOf(document: Document, path: Path): number | undefined {
  const parent = path.length === 1 ? document.contents : document.getIn(path.slice(0, -1), true);
  const last = path.at(-1);
  if (isMap(parent)) {
    const pair = parent.items.find(item => String(item.key) === String(last));
    return (pair?.key as { range?: [number, number, number] } | undefined)?.range?.[0];
  }
  const node = document.getIn(path, true) as { range?: [number, number, number] } | undefined;
  return node?.range?.[0];
}

function position(lines: LineCounter, offset: number): { line: number; column: number } {
  const { line, col } = lines.linePos(offset);
  return { line, column: col };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
