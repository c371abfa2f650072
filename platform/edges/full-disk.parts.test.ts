import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeOut, writePrivate } from './files.js';
import { withLock } from './lock.js';

const canMount = process.platform === 'linux' && process.getuid?.() === 0;
const skipped = canMount ? '' : ' (skipped: it takes root, to mount a small one)';

describe.skipIf(!canMount)(`a full disk${skipped}`, () => {
  let disk: string;
  beforeAll(async () => {
    disk = await mkdtemp(path.join(tmpdir(), 'full-disk-'));
    await execa('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', disk]);
    await writeFile(path.join(disk, 'old'), 'as it was');
    await expect(writeFile(path.join(disk, 'fill'), Buffer.alloc(1_000_000))).rejects.toThrow('ENOSPC');
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
    expect((await execa('ls', [disk])).stdout.split('\n')).toEqual(['fill', 'old']);
  });
});
