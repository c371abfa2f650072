import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { writeSecretFolder } from './secret-folder.js';

let root: string;
let folder: string;

beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'secret-'));
  folder = path.join(root, 'broker');
});
afterEach(() => rm(root, { recursive: true }));

it('shows a reader one version or the next, and never a file that is missing or half written', async () => {
  const text = (version: number) => `${version} `.repeat(2000);
  await writeSecretFolder(folder, { 'tls.crt': text(0) });
  let writing = true;
  const seen = new Set<string>();
  const reader = (async () => {
    while (writing) seen.add(await readFile(path.join(folder, 'tls.crt'), 'utf8'));
  })();
  for (let version = 1; version <= 30; version += 1) {
    await writeSecretFolder(folder, { 'tls.crt': text(version) });
  }
  writing = false;
  await reader;
  expect(seen.size).toBeGreaterThan(1);
  for (const each of seen) expect(each).toBe(text(Number.parseInt(each, 10)));
});

it('is for its owner alone, and keeps no earlier version', async () => {
  await writeSecretFolder(folder, { 'tls.key': 'one' });
  await writeSecretFolder(folder, { 'tls.key': 'two' });
  expect((await stat(path.join(folder, 'tls.key'))).mode & 0o777).toBe(0o600);
  expect((await stat(folder)).mode & 0o777).toBe(0o700);
  expect(await readdir(folder)).toHaveLength(3);
});
