import type { Finding } from '../errors.js';

/** More than this nobody reads; the rest is mostly the same mistake again. */
const MOST = 100;

export interface FirstFindings {
  readonly shown: readonly Finding[];
  /** That there are more, and how many. Absent when all are shown. */
  readonly more?: string;
}

/** The findings that are printed for people: where they are too many, errors come before the rest. `--json` prints all. */
export function firstFindings(findings: readonly Finding[]): FirstFindings {
  if (findings.length <= MOST) return { shown: findings };
  const isError = ({ severity }: Finding) => severity === 'error';
  const ordered = [...findings.filter(isError), ...findings.filter(found => !isError(found))];
  const more = (findings.length - MOST).toLocaleString('en-US');
  return { shown: ordered.slice(0, MOST), more: `… and ${more} more; --json has all` };
}
