import { chmod, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { silent } from '../../report.js';
import { installParts } from './install-parts.js';
import { partFolders } from './parts.js';

let root: string;
let cache: string;

beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'install-'));
  cache = path.join(root, 'cache');
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(root, { recursive: true });
});

/** Puts a program before the real Maven: a download that goes wrong can't be had otherwise. */
async function mavenThat(does: string): Promise<void> {
  const bin = path.join(root, 'bin');
  await mkdir(bin);
  await writeFile(path.join(bin, 'mvn'), `#!/bin/sh\n${does}\n`);
  await chmod(path.join(bin, 'mvn'), 0o755);
  vi.stubEnv('PATH', `${bin}:${process.env['PATH']}`);
}

const install = () =>
  installParts(partFolders(cache), { report: silent, signal: new AbortController().signal });
const left = () => readdir(cache);

describe('an installation', () => {
  it('takes nothing that is not what it was tested with, and leaves nothing of it', async () => {
    await mavenThat('echo tampered > pulsar-server-distribution-4.0.8-bin.tar.gz');
    await expect(install()).rejects.toMatchObject({
      code: 'ChecksumMismatch',
      want: expect.stringContaining('35c7d064c9e0'),
    });
    expect(await left()).toEqual([]);
  });

  it('says what Maven said when it could not fetch', async () => {
    await mavenThat('echo "[ERROR] Could not transfer artifact: Connection refused"; exit 1');
    await expect(install()).rejects.toMatchObject({
      code: 'DownloadFailed',
      saw: 'Could not transfer artifact: Connection refused',
      fix: expect.stringContaining('it resumes'),
    });
  });

  it('knows a full disk', async () => {
    await mavenThat('echo "[ERROR] java.io.IOException: No space left on device"; exit 1');
    await expect(install()).rejects.toMatchObject({ code: 'DiskFull' });
  });

  it('asks for Maven where there is none', async () => {
    vi.stubEnv('PATH', path.join(root, 'empty'));
    await expect(install()).rejects.toMatchObject({ code: 'PrerequisiteMissing' });
  });

  it('clears away what one that was killed has left', async () => {
    await mkdir(path.join(cache, 'pulsar-4.0.8.part-abc123', 'content'), { recursive: true });
    await mavenThat('exit 1');
    await expect(install()).rejects.toMatchObject({ code: 'DownloadFailed' });
    expect(await left()).toEqual([]);
  });
});
