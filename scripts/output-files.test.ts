import { mkdtempSync } from 'node:fs';
import { readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { makeRoom } from './output-files.js';

const folder = mkdtempSync(path.join(tmpdir(), 'platform-output-'));
afterAll(() => rm(folder, { recursive: true, force: true }));
const at = (...names: readonly string[]) => path.join(folder, ...names);

it('makes the folders of what will be written, and no file', async () => {
  await makeRoom({ json: at('a', 'b', 'c.json'), html: at('page.html'), svg: at('plots') });
  expect(await readdir(at('a', 'b'))).toEqual([]);
  expect((await readdir(folder)).sort()).toEqual(['a', 'plots']);
});

it.each([
  ['a folder where a file is wanted', () => ({ json: folder }), folder],
  ['a folder below a file', () => ({ html: at('file', 'page.html') }), at('file')],
  ['a file where a folder is wanted', () => ({ svg: at('file') }), at('file')],
  ['what takes no folder', () => ({ json: '/proc/none/figures.json' }), '/proc/none'],
])('refuses %s', async (_what, files, where) => {
  await writeFile(at('file'), '');
  await expect(makeRoom(files())).rejects.toMatchObject({ code: 'FileNotWritable', where });
});
