import { z } from 'zod';

/** The parts of Vitest's JSON report (which has Jest's form) that are counted. */
export const reportSchema = z.object({
  testResults: z.array(
    z.object({
      name: z.string(),
      status: z.string(),
      message: z.string().optional(),
      assertionResults: z.array(
        z.object({
          fullName: z.string(),
          status: z.string(),
          failureMessages: z.array(z.string()).optional(),
        }),
      ),
    }),
  ),
});

export type TestReport = z.output<typeof reportSchema>;

/** A check that is no Vitest test: types, lint. */
export interface CheckResult {
  readonly name: string;
  readonly passed: boolean;
}

export interface TestSummary {
  readonly passed: number;
  readonly failed: number;
  /** Full name of each failure, and the first lines of its message. */
  readonly failures: readonly string[];
  /** Full names. */
  readonly skipped: readonly string[];
}

/**
 * Counts tests and checks. A test file that could not be loaded counts as one failure, and so does a run that ended
 * badly although no test failed. Pure.
 */
export function summaryOf(
  report: TestReport,
  checks: readonly CheckResult[],
  runPassed: boolean,
): TestSummary {
  const tests = report.testResults.flatMap(({ assertionResults }) => assertionResults);
  const broken = report.testResults.filter(
    ({ status, assertionResults }) =>
      status === 'failed' && !assertionResults.some(test => test.status === 'failed'),
  );
  const failures = [
    ...checks.filter(({ passed }) => !passed).map(({ name }) => name),
    ...broken.map(({ name, message }) => failureText(name, message)),
    ...tests
      .filter(({ status }) => status === 'failed')
      .map(({ fullName, failureMessages }) => failureText(fullName, failureMessages?.[0])),
  ];
  if (failures.length === 0 && !runPassed) failures.push('the run ended badly although no test failed');
  return {
    passed:
      tests.filter(({ status }) => status === 'passed').length + checks.filter(({ passed }) => passed).length,
    failed: failures.length,
    failures,
    skipped: tests.filter(({ status }) => status !== 'passed' && status !== 'failed').map(it => it.fullName),
  };
}

const MESSAGE_LINES = 12;

function failureText(name: string, message = ''): string {
  const lines = message.split('\n').filter(line => line.trim() !== '');
  return [name, ...lines.slice(0, MESSAGE_LINES).map(line => `  ${line}`)].join('\n  ');
}

/** The names of what was skipped, what failed and why, then `N passed, N failed`, with `, N skipped` when there are any. */
export function summaryText({ passed, failed, failures, skipped }: TestSummary): string {
  const names = [...listed('skipped:', skipped), ...listed('failed:', failures)];
  const tail = skipped.length === 0 ? '' : `, ${skipped.length} skipped`;
  return `${[...names, `${passed} passed, ${failed} failed${tail}`].join('\n')}\n`;
}

function listed(title: string, items: readonly string[]): string[] {
  return items.length === 0 ? [] : [title, ...items.map(item => `  ${item}`), ''];
}
