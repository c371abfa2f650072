import pico from 'picocolors';
import { countsOf, type Difference } from '../actions/diff/difference.js';
import type { Finding } from '../errors.js';

const SIGNS = { create: '+', change: '~', delete: '-', unknown: '?' } as const;
/** A whole new object, or a certificate, is not printed value by value. */
const VALUE_LIMIT = 100;

/** Differences by stage, field by field, and a last line that counts them. */
export function differencesText(differences: readonly Difference[], colour: boolean): string {
  if (differences.length === 0) return 'no differences';
  const colors = pico.createColors(colour);
  const paint = { create: colors.green, change: colors.yellow, delete: colors.red, unknown: colors.yellow };
  const stages = [...new Set(differences.map(({ stage }) => stage))];
  const lines = stages.flatMap(stage => [
    colors.bold(stage),
    ...differences
      .filter(it => it.stage === stage)
      .flatMap(({ action, subject, marks, fields, finding }) => [
        `  ${paint[action](`${SIGNS[action]} ${subject}`)}${marks.length > 0 ? `  (${marks.join(', ')})` : ''}`,
        ...(action === 'unknown' ? notCompared(fields, finding) : changedLines(fields, finding)),
      ]),
  ]);
  const { create, change, delete: deletions } = countsOf(differences);
  const unknown = differences.filter(({ action }) => action === 'unknown').length;
  const counts = `${create} to create, ${change} to change, ${deletions} to delete`;
  return [...lines, '', `${counts}${unknown > 0 ? `, ${unknown} not compared` : ''}`].join('\n');
}

function changedLines(fields: Difference['fields'], finding: Finding | undefined): string[] {
  return [
    ...fields.map(({ path, ...sides }) => `      ${path}${sidesText(sides)}`),
    ...(finding ? findingLines(finding) : []),
  ];
}

/** Its reason is the same for many, and is told once: by the warning. */
function notCompared(fields: Difference['fields'], finding: Finding | undefined): string[] {
  return fields.map(({ path }) => `      ${path} is not compared${finding ? ` (${finding.code})` : ''}`);
}

/** What stays as it is, and the way out. */
function findingLines({ code, message, saw, want, fix }: Finding): string[] {
  return [
    `      ${code}: ${message}`,
    `      stays  ${saw ?? ''}`,
    `      want   ${want ?? ''}`,
    `      fix    ${fix}`,
  ];
}

function sidesText({ before, after }: { readonly before?: unknown; readonly after?: unknown }): string {
  if (before === undefined && after === undefined) return '';
  if (before === undefined) return `: ${valueText(after)}`;
  return `: ${valueText(before)} → ${after === undefined ? 'gone' : valueText(after)}`;
}

function valueText(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > VALUE_LIMIT ? `${text.slice(0, VALUE_LIMIT)}…` : text;
}
