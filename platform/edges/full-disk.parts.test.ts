import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeOut, writePrivate } from './files.js';
import { withLock } from './lock.js';
import { writeSecretFolder } from './secret-folder.js';

const canMount = process.platform === 'linux' && process.getuid?.() === 0;
const skipped = canMount ? '' : ' (skipped: it takes root, to mount a small one)';

describe.skipIf(!canMount)(`a full disk${skipped}`, () => {
  let disk: string;
  let beforehand: readonly string[];
  beforeAll(async () => {
    disk = await mkdtemp(path.join(tmpdir(), 'full-disk-'));
    await execa('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', disk]);
    await writeSecretFolder(path.join(disk, 'web'), { 'tls.crt': 'old' });
    await expect(writeFile(path.join(disk, 'fill'), Buffer.alloc(1_000_000))).rejects.toThrow('ENOSPC');
    beforehand = await readdir(disk);
  });
  afterAll(async () => {
    await execa('umount', ['--lazy', disk]);
    await rm(disk, { recursive: true, force: true });
  });
  const at = (name: string) => path.join(disk, name);

  it('keeps nobody from the lock, by which what fills it can be stopped', async () => {
    const options = { signal: new AbortController().signal, timeoutMs: 0, onWait: () => undefined };
    expect(await withLock(at('lock'), options, async () => 'done')).toBe('done');
    expect(existsSync(at('lock'))).toBe(false);
  });

  it.each([
    ['writeOut', writeOut],
    ['writePrivate', writePrivate],
  ])('is told by %s as a user can mend it, and no half file is left', async (_, write) => {
    const data = Buffer.alloc(8_192);
    await expect(write(at('new'), data)).rejects.toMatchObject({ code: 'DiskFull', where: at('new') });
    expect(existsSync(at('new'))).toBe(false);
    expect(await readdir(disk)).toEqual(beforehand);
  });

  it('leaves a secret folder as it was', async () => {
    const before = await readdir(at('web'));
    const files = { 'tls.crt': Buffer.alloc(8_192), 'tls.key': 'x' };
    await expect(writeSecretFolder(at('web'), files)).rejects.toMatchObject({ code: 'DiskFull' });
    expect(await readdir(at('web'))).toEqual(before);
  });
});
