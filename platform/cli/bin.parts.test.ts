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
