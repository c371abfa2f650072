import { spawn } from 'node:child_process';
import path from 'node:path';
import process from 'node:process';
import { text } from 'node:stream/consumers';
import { execa } from 'execa';
import { expect, it } from 'vitest';

const PROGRAM = path.resolve('platform/cli/bin.js');

/** More than a pipe holds. */
const LONG = ['plan', '--env', 'prod', '--json'];

it('writes all of its output into a pipe whose reader takes its time', async () => {
  const command = `'${process.execPath}' '${PROGRAM}' ${LONG.join(' ')} | (sleep 2; cat)`;
  const { stdout } = await execa('sh', ['-c', command]);
  expect(stdout.length).toBeGreaterThan(65_536);
  expect(JSON.parse(stdout)).toMatchObject({ workloads: expect.any(Array) });
});

it('says nothing when its reader has seen enough', async () => {
  const child = spawn(process.execPath, [PROGRAM, ...LONG], { stdio: ['ignore', 'pipe', 'pipe'] });
  child.stdout.once('data', () => child.stdout.destroy());
  const ended = new Promise(resolve => child.once('close', resolve));
  expect(await text(child.stderr)).toBe('');
  await ended;
});

const CONFIG = path.resolve('platform.yaml');

it.each([
  ['plan', `<(cat '${CONFIG}')`],
  ['check', `<(sleep 1; cat '${CONFIG}')`],
  ['check', `/dev/stdin < '${CONFIG}'`],
  ['cost', `/dev/stdin < <(cat '${CONFIG}')`],
])('reads a config that a program prints: platform %s --config %s', async (command, config) => {
  const { exitCode } = await bash(`${command} --config ${config}`);
  expect(exitCode).toBe(0);
});

it('tells an empty pipe by what it lacks, at once', async () => {
  const { exitCode, stderr } = await bash('plan --config <(true)');
  expect([exitCode, stderr]).toEqual([2, expect.stringContaining('ConfigInvalid')]);
});

function bash(line: string) {
  return execa('bash', ['-c', `'${process.execPath}' '${PROGRAM}' ${line}`], {
    reject: false,
    stdin: 'ignore',
  });
}
