import { cp, mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { firstDamage, manifestFile, takeManifest, writeManifest } from './manifest.js';

let root: string;
let folder: string;

beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'manifest-'));
  folder = path.join(root, 'part');
  await mkdir(path.join(folder, 'lib'), { recursive: true });
  await writeFile(path.join(folder, 'README'), 'read me');
  await writeFile(path.join(folder, 'lib', 'a.jar'), 'bytes');
  await writeManifest(folder, await takeManifest(folder));
});
afterEach(() => rm(root, { recursive: true }));

it('finds nothing wrong with what was just installed', async () => {
  expect(await firstDamage(folder)).toBeUndefined();
});

it('names a file that is missing', async () => {
  await rm(path.join(folder, 'lib', 'a.jar'));
  expect(await firstDamage(folder)).toBe('lib/a.jar');
});

it('names a file whose bytes were changed, even to as many others', async () => {
  await writeFile(path.join(folder, 'lib', 'a.jar'), 'BYTES');
  expect(await firstDamage(folder)).toBe('lib/a.jar');
});

it('accepts a copy, whose times are others, by its bytes', async () => {
  const copy = path.join(root, 'copy');
  await cp(folder, copy, { recursive: true });
  await cp(manifestFile(folder), manifestFile(copy));
  await utimes(path.join(copy, 'README'), 1, 1);
  expect(await firstDamage(copy)).toBeUndefined();
});

it('takes an installation without its manifest, or with half of one, as unfinished', async () => {
  await writeFile(manifestFile(folder), '{"README": {"si');
  expect(await firstDamage(folder)).toBe('(manifest)');
  await rm(manifestFile(folder));
  expect(await firstDamage(folder)).toBe('(manifest)');
});
