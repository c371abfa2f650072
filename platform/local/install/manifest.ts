import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { lstat, readdir } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';
import { readIfThere, writePrivate } from '../../edges/files.js';

const schema = z.record(z.string(), z.object({ size: z.int(), mtimeMs: z.number(), sha256: z.string() }));

/** Every file of an installed folder, by its path in it. It lies beside the folder, and is written last. */
export type Manifest = z.output<typeof schema>;

export function manifestFile(folder: string): string {
  return `${folder}.json`;
}

/** Reads every byte of the folder. */
export async function takeManifest(folder: string): Promise<Manifest> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries
    .filter(entry => entry.isFile() && !entry.parentPath.includes('__pycache__'))
    .map(entry => path.relative(folder, path.join(entry.parentPath, entry.name)))
    .sort();
  const manifest: Manifest = {};
  for (const file of files) {
    const { size, mtimeMs } = await lstat(path.join(folder, file));
    manifest[file] = { size, mtimeMs, sha256: await sha256Of(path.join(folder, file)) };
  }
  return manifest;
}

export async function writeManifest(folder: string, manifest: Manifest): Promise<void> {
  await writePrivate(manifestFile(folder), `${JSON.stringify(manifest)}\n`);
}

/**
 * Whether an installed folder is whole. Sizes and times are compared; a file whose time differs is read (a cache that
 * was copied), so the usual case costs a few milliseconds.
 *
 * @returns the first file that is missing or changed, `(manifest)` when nothing was installed, or undefined
 */
export async function firstDamage(folder: string): Promise<string | undefined> {
  const manifest = await readManifest(folder);
  if (manifest === undefined) return '(manifest)';
  const checks = await Promise.all(
    Object.entries(manifest).map(async ([name, expected]) => {
      const file = path.join(folder, name);
      const found = await lstat(file).catch(() => undefined);
      if (found?.size !== expected.size) return name;
      if (found.mtimeMs === expected.mtimeMs) return undefined;
      return (await sha256Of(file)) === expected.sha256 ? undefined : name;
    }),
  );
  return checks.find(name => name !== undefined);
}

export async function readManifest(folder: string): Promise<Manifest | undefined> {
  const text = await readIfThere(manifestFile(folder));
  if (text === undefined) return undefined;
  try {
    return schema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

export async function sha256Of(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}
