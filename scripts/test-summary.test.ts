import { expect, it } from 'vitest';
import { summaryOf, summaryText, type TestReport } from './test-summary.js';

const file = (status: string, ...statuses: string[]): TestReport['testResults'][number] => ({
  name: 'a.test.ts',
  status,
  assertionResults: statuses.map((each, index) => ({
    ...{ fullName: `suite test ${index}`, status: each },
    ...(each === 'failed' && { failureMessages: ['expected 1 to be 2\n\n    at a.test.ts:3'] }),
  })),
});
const text = (results: TestReport['testResults'], runPassed = true) =>
  summaryText(summaryOf({ testResults: results }, [{ name: 'lint', passed: true }], runPassed));

it('ends with the counts alone when nothing was skipped', () => {
  expect(text([file('passed', 'passed', 'passed')])).toBe('3 passed, 0 failed\n');
});

it('names what was skipped before the counts', () => {
  expect(text([file('passed', 'passed', 'pending')])).toBe(
    'skipped:\n  suite test 1\n\n2 passed, 0 failed, 1 skipped\n',
  );
});

it('tells what failed, and why, next to the counts', () => {
  expect(text([file('failed', 'passed', 'failed')], false)).toBe(
    'failed:\n  suite test 1\n    expected 1 to be 2\n        at a.test.ts:3\n\n2 passed, 1 failed\n',
  );
});

it('counts a test file that could not be loaded as a failure', () => {
  expect(text([file('failed')], false)).toBe('failed:\n  a.test.ts\n\n1 passed, 1 failed\n');
});

it('never says that nothing failed when the run ended badly', () => {
  expect(text([file('passed', 'passed')], false)).toBe(
    'failed:\n  the run ended badly although no test failed\n\n2 passed, 1 failed\n',
  );
});
