import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import pico from 'picocolors';
import { expect, it } from 'vitest';
import { finding, PlatformError } from '../errors.js';
import { checkText } from './check-text.js';
import { Reporter } from './reporter.js';

const many = (count: number) =>
  Array.from({ length: count }, (_, at) => finding('ConfigUnknownKey', `unknown key "key${at}"`));

function reported(findings: ReturnType<typeof many>, json = false) {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const io = { stdout, stderr, env: {}, cwd: '.', signal: new AbortController().signal };
  new Reporter(io, { json }).error(new PlatformError('ConfigInvalid', 'mistakes', { findings }));
  stdout.end();
  stderr.end();
  return Promise.all([text(stdout), text(stderr)]);
}

it('prints the first of very many findings, and how many are left', async () => {
  const [, told] = await reported(many(10_000));
  expect(told.match(/unknown key/g)).toHaveLength(100);
  expect(told).toContain('\n… and 9,900 more; --json has all\n');
  const report = { rules: [], findings: many(10_000), subject: 'platform.yaml', waiting: 0 };
  const checked = checkText(report, pico.createColors(false));
  expect(checked.match(/unknown key/g)).toHaveLength(100);
  expect(checked).toContain('\n… and 9,900 more; --json has all\n');
  expect(checked).toContain('10000 errors');
});

it('prints all of a hundred, and every one as JSON', async () => {
  expect((await reported(many(100)))[1]).not.toContain('more');
  const [json] = await reported(many(10_000), true);
  expect(JSON.parse(json).findings).toHaveLength(10_000);
});

it('hides no error behind warnings', async () => {
  const warnings = many(200).map(found => ({ ...found, severity: 'warning' as const }));
  const [, told] = await reported([...warnings, finding('ConfigMissing', 'domain is missing')]);
  expect(told).toContain('ConfigMissing: domain is missing');
});
