import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { replaceOwn } from './own-folder.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'own-folder-'));
});
afterEach(() => rm(folder, { recursive: true }));

const put = async (name: string) => {
  await mkdir(path.join(folder, name));
  await writeFile(path.join(folder, name, 'file'), '');
};
const write = (files: Readonly<Record<string, string>>, signal?: AbortSignal) =>
  replaceOwn(folder, { command: 'synth', names: ['aws', 'helm'], files, ...(signal && { signal }) });

it('deletes nothing that somebody else has put there', async () => {
  await put('helm');
  await expect(write({ 'aws/a': '' })).rejects.toMatchObject({
    ...{ code: 'OutputFolderForeign', saw: 'helm', refused: true },
  });
  expect(await readdir(folder)).toEqual(['helm']);
});

it('takes the state of a local platform beside it for no leave to delete', async () => {
  await put('.platform');
  await put('helm');
  await expect(write({ 'aws/a': '' })).rejects.toMatchObject({ code: 'OutputFolderForeign' });
  await rm(path.join(folder, 'helm'), { recursive: true });
  await write({ 'aws/a': '' });
  expect(await readdir(path.join(folder, '.platform'))).toEqual(['file']);
});

it('leaves nothing of what it wrote last time, and everything beside it', async () => {
  await put('mine');
  await write({ 'aws/old': 'old', 'helm/a': 'a' });
  await write({ 'aws/new': 'new', 'summary.md': 'told' });
  expect((await readdir(folder, { recursive: true })).sort()).toEqual(
    ['.platform-wrote', 'aws', 'aws/new', 'mine', 'mine/file', 'summary.md'].sort(),
  );
});

it('leaves the folder as it was when it is interrupted, or cannot write', async () => {
  await write({ 'aws/old': 'old' });
  await expect(write({ 'aws/new': 'new' }, AbortSignal.abort(new Error('SIGINT')))).rejects.toThrow('SIGINT');
  const nowhere = `aws/${'x'.repeat(300)}`;
  await expect(write({ 'aws/new': 'new', [nowhere]: '' })).rejects.toThrow();
  expect(await readdir(folder)).toEqual(['.platform-wrote', 'aws']);
  expect(await readFile(path.join(folder, 'aws', 'old'), 'utf8')).toBe('old');
});

it('says that a file is no folder', async () => {
  const out = path.join(folder, 'file');
  await writeFile(out, 'mine');
  const made = replaceOwn(out, { command: 'synth', names: ['aws'], files: { 'aws/a': '' } });
  await expect(made).rejects.toMatchObject({ code: 'FileNotWritable', where: out });
  expect(await readFile(out, 'utf8')).toBe('mine');
});

it.skipIf(process.platform !== 'linux')(
  'says where no folder can be made (skipped outside of Linux)',
  async () => {
    const made = replaceOwn('/proc/here/and/there', { command: 'synth', names: [], files: { a: '' } });
    await expect(made).rejects.toMatchObject({ code: 'FileNotWritable' });
  },
);

it('makes the folders above its own', async () => {
  const out = path.join(folder, 'of', 'mine');
  await replaceOwn(out, { command: 'synth', names: [], files: { a: 'a' } });
  expect(await readFile(path.join(out, 'a'), 'utf8')).toBe('a');
});
