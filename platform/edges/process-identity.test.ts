import { spawn } from 'node:child_process';
import { once } from 'node:events';
import process from 'node:process';
import { expect, it } from 'vitest';
import { identify, isAlive, processesWithEnv, signalProcess } from './process-identity.js';

it('knows a process from a later one with the same pid', () => {
  const me = identify(process.pid);
  expect(me && isAlive(me)).toBe(true);
  expect(isAlive({ pid: process.pid, startTime: 'another life' })).toBe(false);
});

it('never signals a process that has another identity', async () => {
  const child = spawn('sleep', ['60']);
  const identity = identify(child.pid ?? 0);
  signalProcess({ pid: child.pid ?? 0, startTime: 'another life' }, 'SIGKILL');
  expect(identity && isAlive(identity)).toBe(true);
  if (identity) signalProcess(identity, 'SIGKILL');
  await once(child, 'exit');
  expect(identity && isAlive(identity)).toBe(false);
});

it.runIf(process.platform === 'linux')('finds processes by their environment', async () => {
  const child = spawn('sleep', ['60'], {
    env: { ...process.env, PLATFORM_TEST_MARK: `here-${process.pid}` },
  });
  await once(child, 'spawn');
  const found = () => processesWithEnv('PLATFORM_TEST_MARK', `here-${process.pid}`).map(({ pid }) => pid);
  expect(found()).toEqual([child.pid]);
  child.kill('SIGKILL');
  await once(child, 'exit');
  expect(found()).toEqual([]);
});
