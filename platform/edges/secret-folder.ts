import { randomBytes } from 'node:crypto';
import { readdir, readlink, rename, rm, symlink } from 'node:fs/promises';
import path from 'node:path';
import { makePrivateFolder, writePrivate } from './files.js';

const CURRENT = '..data';

/**
 * Writes a set of files that belong together (certificate, key, trust) so that they change as one: the layout of a
 * mounted Kubernetes Secret. Each file is a link into `..data`, which is a link to the version's own folder and is
 * replaced by one rename.
 */
export async function writeSecretFolder(
  folder: string,
  files: Readonly<Record<string, string | Uint8Array>>,
): Promise<void> {
  await makePrivateFolder(folder);
  const version = `..${randomBytes(6).toString('hex')}`;
  try {
    await makePrivateFolder(path.join(folder, version));
    for (const [name, data] of Object.entries(files))
      await writePrivate(path.join(folder, version, name), data);
  } catch (error) {
    await rm(path.join(folder, version), { recursive: true, force: true });
    throw error;
  }
  await replaceLink(path.join(folder, CURRENT), version);
  for (const name of Object.keys(files)) {
    const target = path.join(CURRENT, name);
    if ((await linkTarget(path.join(folder, name))) !== target)
      await replaceLink(path.join(folder, name), target);
  }
  await removeOthers(folder, version);
}

async function replaceLink(link: string, target: string): Promise<void> {
  const fresh = `${link}.${randomBytes(6).toString('hex')}`;
  await symlink(target, fresh);
  await rename(fresh, link);
}

async function linkTarget(link: string): Promise<string | undefined> {
  return readlink(link).catch(() => undefined);
}

/** Earlier versions, and what a crash left of an unfinished one. */
async function removeOthers(folder: string, version: string): Promise<void> {
  const left = (await readdir(folder)).filter(
    name => name.startsWith('..') && name !== CURRENT && name !== version,
  );
  await Promise.all(left.map(name => rm(path.join(folder, name), { recursive: true, force: true })));
}
