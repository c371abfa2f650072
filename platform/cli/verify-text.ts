import type { Verification, VerifiedCheck } from '../actions/verify/index.js';
import { table } from './table.js';

const GROUPS: Readonly<Record<VerifiedCheck['group'], string>> = {
  dials: 'every dial of the graph',
  refusals: 'what every endpoint must refuse',
  tokens: 'who a role is',
  grants: 'what a role may do, and what not',
  entrances: 'a message through each entrance',
  speech: 'a spoken message, end to end',
};

/** A verification for people: one line a group, or every check; then what could not be tried here. */
export function verificationText(verification: Verification, all: boolean): string {
  const { checks, passed, failed, skipped, seconds } = verification;
  const groups = Object.entries(GROUPS).flatMap(([group, title]) => {
    const own = checks.filter(check => check.group === group);
    const count = (result: VerifiedCheck['result']) => own.filter(check => check.result === result).length;
    return own.length === 0 ? [] : [[title, count('passed'), count('failed'), count('skipped')]];
  });
  return [
    ...(all ? [everyCheck(checks)] : []),
    table(['', 'passed', 'failed', 'skipped'], groups),
    ...skippedText(checks),
    ...checks
      .filter(({ group, result }) => result === 'passed' && ['entrances', 'speech'].includes(group))
      .map(({ endpoint, what, saw }) => `${endpoint}  ${what}: ${saw}`),
    `${passed} passed, ${failed} failed, ${skipped} skipped in ${seconds} s`,
  ].join('\n\n');
}

function everyCheck(checks: readonly VerifiedCheck[]): string {
  return table(
    ['result', 'from', 'endpoint', 'what', 'wanted', 'saw'],
    checks.map(({ result, from, endpoint, what, expects, saw }) => [
      result === 'failed' ? 'FAILED' : result,
      from,
      endpoint,
      what,
      expects,
      saw.slice(0, 60),
    ]),
  );
}

function skippedText(checks: readonly VerifiedCheck[]): string[] {
  const reasons = new Set(checks.filter(({ result }) => result === 'skipped').map(({ saw }) => saw));
  return reasons.size === 0 ? [] : [`not tried: ${[...reasons].join(', ')}`];
}
