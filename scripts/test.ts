// `npm test`: set-up, types, lint, then every test. Arguments go to Vitest.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { execa } from 'execa';
import { setUp, setUpTests } from '../platform/actions/setup.js';
import { runScript } from './run-script.js';
import { type CheckResult, reportSchema, summaryOf, summaryText, type TestReport } from './test-summary.js';

await runScript(async context => {
  await setUp(context);
  await setUpTests(context);
  const checks = [await check('typecheck'), await check('lint')];
  const folder = await mkdtemp(path.join(tmpdir(), 'test-report-'));
  try {
    const passed = await vitest(context.args, path.join(folder, 'report.json'));
    const summary = summaryOf(await readReport(path.join(folder, 'report.json')), checks, passed);
    process.stdout.write(`\n${summaryText(summary)}`);
    return summary.failed === 0 ? 0 : 1;
  } finally {
    await rm(folder, { recursive: true });
  }
});

async function check(name: string): Promise<CheckResult> {
  const { failed, all } = await execa('npm', ['run', '--silent', name], { all: true, reject: false });
  if (failed) process.stdout.write(`${name} failed\n${all}\n`);
  return { name, passed: !failed };
}

async function vitest(args: readonly string[], reportFile: string): Promise<boolean> {
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${reportFile}`];
  const { failed } = await execa('npx', ['--no-install', 'vitest', 'run', ...reporters, ...args], {
    stdio: 'inherit',
    reject: false,
  });
  return !failed;
}

/** Without a report the run itself has failed, before any test. */
async function readReport(file: string): Promise<TestReport> {
  const text = await readFile(file, 'utf8').catch(() => undefined);
  return text === undefined ? { testResults: [] } : reportSchema.parse(JSON.parse(text));
}
