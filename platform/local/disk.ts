import { statfs } from 'node:fs/promises';

/** The journals and ledgers of an empty broker take some 150 MB at once. */
export const LEAST_FREE_MIB = 512;

/** What this user may still write on the disk of a folder. */
export async function freeMiB(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return Math.floor((bavail * bsize) / 1024 / 1024);
}
