import { z } from 'zod';

/** The parts of Vitest's JSON report (which has Jest's form) that are counted. */
export const reportSchema = z.object({
  testResults: z.array(
    z.object({
      name: z.string(),
      status: z.string(),
      message: z.string().optional(),
      assertionResults: z.array(z.object({ fullName: z.string(), status: z.string() })),
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
  const failed =
    tests.filter(({ status }) => status === 'failed').length +
    broken.length +
    checks.filter(({ passed }) => !passed).length;
  return {
    passed:
      tests.filter(({ status }) => status === 'passed').length + checks.filter(({ passed }) => passed).length,
    failed: failed === 0 && !runPassed ? 1 : failed,
    skipped: tests.filter(({ status }) => status !== 'passed' && status !== 'failed').map(it => it.fullName),
  };
}

/** The names of what was skipped, then `N passed, N failed`, with `, N skipped` when there are any. */
export function summaryText({ passed, failed, skipped }: TestSummary): string {
  const names = skipped.length === 0 ? [] : ['skipped:', ...skipped.map(name => `  ${name}`), ''];
  const tail = skipped.length === 0 ? '' : `, ${skipped.length} skipped`;
  return `${[...names, `${passed} passed, ${failed} failed${tail}`].join('\n')}\n`;
}
