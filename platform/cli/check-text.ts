import type pico from 'picocolors';
import type { CheckReport } from '../actions/check/index.js';
import type { Finding } from '../errors.js';
import { firstFindings } from './first-findings.js';
import { whereText } from './reporter.js';

type Colors = ReturnType<typeof pico.createColors>;

const SIGNS = { error: '✗', warning: '⚠', info: 'ℹ' } as const;
const COLORS = { error: 'red', warning: 'yellow', info: 'cyan' } as const;

/** The findings, then what passed, in a line. */
export function checkText({ rules, findings, subject, waiting, asked }: CheckReport, colors: Colors): string {
  const passed = rules.filter(rule => rule.passed).length;
  const errors = findings.some(({ severity }) => severity === 'error');
  // Whoever asked for what runs, and was told nothing, has no check that has passed.
  const nothing = asked?.every(({ notAsked }) => notAsked !== undefined) ?? false;
  const sign = errors || nothing ? colors.red('✗') : colors.green('✔');
  const counts = (['error', 'warning', 'info'] as const).flatMap(severity => {
    const count = findings.filter(found => found.severity === severity).length;
    return count === 0
      ? []
      : [severity === 'info' ? `${count} to know` : `${count} ${severity}${count === 1 ? '' : 's'}`];
  });
  const { shown, more } = firstFindings(findings);
  const [first] = shown;
  const told = [
    ...counts,
    ...(rules.length > 0 ? [`${passed} of ${rules.length} rules passed`] : []),
    ...(asked === undefined ? [] : [askedText(asked)]),
    ...(waiting > 0 ? [`${waiting} rules wait for a sound config`] : []),
  ];
  return [
    ...shown.flatMap(found => [...block(found, colors), '']),
    ...(more === undefined ? [] : [more, '']),
    `${sign} ${subject}: ${told.join(' · ')}`,
    ...(first === undefined ? [] : [colors.dim(`  what it means: platform explain ${first.code}`)]),
    '',
  ].join('\n');
}

/** `12 asked of what runs, 2 not` */
function askedText(asked: NonNullable<CheckReport['asked']>): string {
  const not = asked.filter(({ notAsked }) => notAsked !== undefined).length;
  return `${asked.length - not} asked of what runs${not === 0 ? '' : `, ${not} not`}`;
}

function block(found: Finding, colors: Colors): string[] {
  const { code, severity, message, saw, want, fix, source, environments } = found;
  const rows = { env: environments?.join(', '), where: whereText(found), saw, want, fix, source };
  return [
    `${colors[COLORS[severity]](`${SIGNS[severity]} ${code}`)}: ${message}`,
    ...Object.entries(rows).flatMap(([name, value]) =>
      value === undefined || value === '' ? [] : [`  ${colors.dim(name.padEnd(6))} ${value}`],
    ),
  ];
}
