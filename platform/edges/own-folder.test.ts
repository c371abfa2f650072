import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { emptyOwn } from './own-folder.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'own-folder-'));
});
afterEach(() => rm(folder, { recursive: true }));

const put = async (name: string) => {
  await mkdir(path.join(folder, name));
  await writeFile(path.join(folder, name, 'file'), '');
};

it('deletes nothing that somebody else has put there', async () => {
  await put('helm');
  await expect(emptyOwn(folder, ['aws', 'helm'], 'synth')).rejects.toMatchObject({
    ...{ code: 'OutputFolderForeign', saw: 'helm', refused: true },
  });
  expect(await readdir(path.join(folder, 'helm'))).toEqual(['file']);
});

it('deletes what it wrote last time, and nothing beside it', async () => {
  await put('mine');
  await emptyOwn(folder, ['aws', 'helm'], 'synth');
  await put('helm');
  await emptyOwn(folder, ['aws', 'helm'], 'synth');
  expect(await readdir(folder)).toEqual(['.platform', 'mine']);
});
