import type { Verification, VerifiedCheck } from '../actions/verify/index.js';
import { table } from './table.js';

const GROUPS: Readonly<Record<VerifiedCheck['group'], string>> = {
  issuer: 'a probe certificate is issued, and verifies',
  certificates: 'what is served is what was issued',
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

/** What was not tried, and where: what is silent would be taken for good. */
function skippedText(checks: readonly VerifiedCheck[]): string[] {
  const skipped = checks.filter(({ result }) => result === 'skipped');
  const reasons = [...new Set(skipped.map(({ saw }) => saw))];
  const lines = reasons.map(reason => {
    const own = skipped.filter(({ saw }) => saw === reason);
    return `not tried: ${own.length} x ${reason}`;
  });
  return lines.length === 0 ? [] : [lines.join('\n')];
}
