import type { z } from 'zod';
import { type Finding, finding, type Where } from '../errors.js';
import { keysAt, parentsOf } from './json-schema.js';
import type { Path } from './locate.js';
import { isRecord } from './merge.js';
import { suggestion } from './suggest.js';

/** What the schema refuses, in a user's words. */
export function findingsOf(
  issue: z.core.$ZodIssue,
  written: unknown,
  where: (path: Path) => Where,
): Finding[] {
  const path = issue.path.map(step => (typeof step === 'number' ? step : String(step)));
  const dotted = path.join('.') || 'the file';
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map(key =>
      finding('ConfigUnknownKey', `unknown key "${key}"`, {
        where: where([...path, key]),
        saw: key,
        ...fixFor(key, keysAt(path, written)),
      }),
    );
  }
  if (issue.code === 'invalid_type' && issue.input === undefined) {
    return [
      finding('ConfigMissing', `${dotted} is missing`, {
        where: where(path),
        want: typeName(issue.expected),
      }),
    ];
  }
  if (issue.code === 'invalid_union') return [unknownVariant(issue, path, dotted, where)];
  return [
    finding('ConfigInvalid', `${dotted} is not valid`, {
      where: where(path),
      saw: issue.input,
      want: wanted(issue),
      ...(issue.code === 'invalid_value' && typeof issue.input === 'string'
        ? suggestion(issue.input, issue.values.map(String))
        : {}),
    }),
  ];
}

function unknownVariant(
  issue: z.core.$ZodIssueInvalidUnion,
  path: Path,
  dotted: string,
  where: (path: Path) => Where,
): Finding {
  const options = 'options' in issue && Array.isArray(issue.options) ? issue.options.map(String) : [];
  const saw = isRecord(issue.input) ? issue.input[String(path.at(-1))] : issue.input;
  const want = options.length > 0 ? `one of ${options.join(', ')}` : issue.message;
  if (saw === undefined)
    return finding('ConfigMissing', `${dotted} is missing`, { where: where(path), want });
  return finding('ConfigInvalid', `${dotted} is not valid`, {
    where: where(path),
    saw,
    want,
    ...(typeof saw === 'string' && suggestion(saw, options)),
  });
}

/** A key that is known elsewhere was probably put in the wrong place; else it may be misspelt. */
function fixFor(key: string, known: readonly string[]): { fix?: string } {
  const spelling = suggestion(key, known);
  if (spelling.fix?.startsWith('did you mean')) return spelling;
  const parents = parentsOf(key);
  if (parents.length === 0 || parents.length > 3) return spelling;
  return {
    fix: `move it ${parents.map(parent => (parent === '' ? 'to the top' : `under ${parent}`)).join(', or ')}`,
  };
}

function wanted(issue: z.core.$ZodIssue): string {
  const message = issue.message.replace(/^wanted /, '');
  switch (issue.code) {
    case 'invalid_type':
      return issue.message.startsWith('wanted ') ? message : typeName(issue.expected);
    case 'invalid_value':
      return `one of ${issue.values.map(String).join(', ')}`;
    case 'too_small':
      return `>= ${issue.minimum}${unitOf(issue.origin)}`;
    case 'too_big':
      return `<= ${issue.maximum}${unitOf(issue.origin)}`;
    default:
      return message;
  }
}

/** JSON Schema's names, as a person would say them. */
function typeName(expected: string): string {
  const names: Record<string, string> = {
    int: 'a whole number',
    record: 'a mapping',
    object: 'a mapping',
    array: 'a list',
  };
  return names[expected] ?? `a ${expected}`;
}

function unitOf(origin: string): string {
  if (origin === 'string') return ' characters';
  return origin === 'array' ? ' items' : '';
}
