import { mkdtempSync } from 'node:fs';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { execa } from 'execa';
import { afterAll, expect, it } from 'vitest';
import { PlatformError } from '../errors.js';
import { guarded } from './guard.js';

const folder = mkdtempSync(path.join(tmpdir(), 'platform-guard-'));
afterAll(() => rm(folder, { recursive: true, force: true }));

async function told(work: () => Promise<unknown>): Promise<string> {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const io = { stdout, stderr, env: {}, cwd: folder, signal: new AbortController().signal };
  const code = await guarded(io, { json: false, debug: false }, async () => {
    await work();
    return 0;
  });
  expect(code).toBe(1);
  stderr.end();
  return text(stderr);
}

it('tells what the file system refuses as that, with the place', async () => {
  const file = path.join(folder, 'file');
  await writeFile(file, '');
  expect(await told(() => readFile(path.join(file, 'below')))).toMatch(/^✗ FileNotWritable: /);
  const renamed = await told(() => rename(file, path.join(file, 'below')));
  expect(renamed).toContain(`where  ${path.join(file, 'below')}\n`);
});

it('takes a file of its own that is missing for its own defect, and one beside them for none', async () => {
  expect(await told(() => readFile(path.resolve('charts/none.json')))).toMatch(/^✗ Internal: /);
  expect(await told(() => readFile(path.resolve('.platform/none/ca.crt')))).toMatch(/^✗ FileNotWritable: /);
  expect(await told(() => readFile('charts/none.json'))).toMatch(/^✗ FileNotWritable: /);
});

it('tells a disk that fails by a code', async () => {
  const failed = Object.assign(new Error('EIO: i/o error, write'), { code: 'EIO', path: '/disk/file' });
  expect(await told(() => Promise.reject(failed))).toMatch(/^✗ FileNotWritable: /);
});

it('takes a program that is missing, and anything else, for its own defect', async () => {
  expect(await told(() => execa('no-such-program'))).toMatch(/^✗ Internal: /);
  expect(await told(() => Promise.reject(new TypeError('x is not a function')))).toMatch(/^✗ Internal: /);
});

it('says which flags a command wants that it names as the fix, so that it means the same platform', async () => {
  const said = async (fix: string) => {
    const [stdout, stderr] = [new PassThrough(), new PassThrough()];
    const io = { stdout, stderr, env: {}, cwd: folder, signal: new AbortController().signal };
    await guarded(io, { json: false, debug: false, place: () => ['--env', 'prod'] }, async () => {
      throw new PlatformError('LocalNotRunning', 'not running', { fix });
    });
    stderr.end();
    return text(stderr);
  };
  expect(await said('platform local up')).toMatch(/ {2}fix {4}platform local up\n {2}with {3}--env prod\n/);
  expect(await said('platform local up --env prod')).not.toContain('with');
  expect(await said('free some space')).not.toContain('with');
});
