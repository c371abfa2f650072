import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { PlatformError } from '../errors.js';
import { isThere, makeFolder, told } from './files.js';

/** Not `.platform`: that is the folder of what runs on this machine, which may be beside it. */
const MARKER = '.platform-wrote';

export interface OwnFolder {
  /** `synth`: who writes there. */
  readonly command: string;
  /** Files and folders in it, of which nothing may be left from last time. */
  readonly names: readonly string[];
  /** By path under the folder; scripts (`.sh`) can be run. */
  readonly files: Readonly<Record<string, string | Uint8Array>>;
  /** @default - nobody interrupts it */
  readonly signal?: AbortSignal;
}

/**
 * Replaces what a command wrote into a folder the last time. All of it is written beside what is there before anything is
 * deleted: a full disk, or Ctrl-C, leaves the folder as it was. A folder that the command has never written to, and that
 * has something under one of these names already, is somebody else's.
 *
 * @throws OutputFolderForeign, DiskFull, FileNotWritable before anything is deleted
 */
export async function replaceOwn(out: string, { command, names, files, signal }: OwnFolder): Promise<void> {
  await refuseForeign(out, names, command);
  signal?.throwIfAborted();
  const marker = `platform ${command} writes here, and deletes what it wrote before.\n`;
  await told(out, async () => {
    await makeFolder(out);
    const fresh = await mkdtemp(path.join(out, '.writing-'));
    try {
      for (const [name, content] of Object.entries({ ...files, [MARKER]: marker })) {
        const file = path.join(fresh, name);
        await mkdir(path.dirname(file), { recursive: true });
        await writeFile(file, content, { mode: name.endsWith('.sh') ? 0o755 : 0o644 });
      }
      signal?.throwIfAborted();
      for (const name of names) await rm(path.join(out, name), { recursive: true, force: true });
      const made = new Set([...Object.keys(files), MARKER].map(name => name.split(path.sep)[0] ?? name));
      for (const name of made) await rename(path.join(fresh, name), path.join(out, name));
    } finally {
      await rm(fresh, { recursive: true, force: true });
    }
  });
}

async function refuseForeign(out: string, names: readonly string[], command: string): Promise<void> {
  if (await isThere(path.join(out, MARKER))) return;
  const present = await Promise.all(
    names.map(async name => ((await isThere(path.join(out, name))) ? [name] : [])),
  );
  const found = present.flat();
  if (found.length === 0) return;
  throw new PlatformError(
    'OutputFolderForeign',
    `${out} has ${found.join(', ')}, and not from this command`,
    {
      where: out,
      saw: found.join(', '),
      want: `an empty folder, or one that platform ${command} has written to`,
      refused: true,
    },
  );
}
