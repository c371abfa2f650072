import { mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { withLock } from './lock.js';
import { identify } from './process-identity.js';

let folder: string;
let file: string;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'lock-'));
  file = path.join(folder, 'lock');
});
afterEach(() => rm(folder, { recursive: true }));

const options = (timeoutMs = 10_000) => ({
  signal: new AbortController().signal,
  timeoutMs,
  onWait: () => undefined,
});

it('lets one work at a time, however many come at once', async () => {
  let inside = 0;
  let most = 0;
  const work = async () => {
    inside += 1;
    most = Math.max(most, inside);
    await sleep(20);
    inside -= 1;
  };
  await Promise.all(Array.from({ length: 8 }, () => withLock(file, options(), work)));
  expect(most).toBe(1);
  expect(await readdir(folder)).toEqual([]);
});

it('is free again after work that failed', async () => {
  await expect(withLock(file, options(), () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(await withLock(file, options(), async () => 'mine')).toBe('mine');
});

it('takes over at once from a process that was killed, even when another has its pid now', async () => {
  await symlink(JSON.stringify({ pid: process.pid, startTime: 'another life' }), file);
  expect(await withLock(file, options(0), async () => 'mine')).toBe('mine');
  await writeFile(file, '{"pid": 1');
  expect(await withLock(file, options(0), async () => 'mine')).toBe('mine');
});

it('says who holds it when it waited in vain', async () => {
  await symlink(JSON.stringify(identify(process.ppid)), file);
  await expect(withLock(file, options(0), async () => 'mine')).rejects.toMatchObject({
    code: 'StateBusy',
    message: expect.stringContaining(String(process.ppid)),
  });
});
