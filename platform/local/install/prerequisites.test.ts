import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findJava, requireJava } from './java.js';
import { listOf } from './prerequisites.js';
import { familyOf } from './system.js';

describe('the family of a system', () => {
  it.each([
    ['debian', 'ID=debian\nVERSION_ID="12"\n'],
    ['debian', 'NAME="Ubuntu"\nID=ubuntu\nID_LIKE=debian\n'],
    ['debian', 'ID=linuxmint\nID_LIKE="ubuntu debian"\n'],
    ['fedora', 'ID=fedora\n'],
    ['fedora', 'ID="rocky"\nID_LIKE="rhel centos fedora"\n'],
    ['other', 'ID=alpine\n'],
    ['other', ''],
  ])('is %s', (family, osRelease) => {
    expect(familyOf(osRelease)).toBe(family);
  });
});

describe('the list of what is missing', () => {
  it.each([
    [
      'debian',
      'sudo apt-get update && sudo apt-get install -y --no-install-recommends openjdk-17-jre-headless maven',
    ],
    ['fedora', 'sudo dnf install -y java-21-openjdk-headless maven'],
    ['macos', 'brew install openjdk maven'],
  ] as const)('is one command to type on %s', (family, command) => {
    expect(listOf(['java', 'maven'], family)).toMatchObject({
      code: 'PrerequisiteMissing',
      message: 'this machine lacks a Java runtime >= 17, Maven (mvn)',
      fix: command,
      refused: true,
    });
  });
});

it('names the Java runtime as this release of Debian does', () => {
  expect(listOf(['java'], 'debian', 'openjdk-21-jre-headless').fix).toMatch(/ openjdk-21-jre-headless$/);
});

describe('the Java runtime', () => {
  let root: string;
  const home = (version: string) => path.join(root, version);

  beforeAll(async () => {
    root = await mkdtemp(path.join(tmpdir(), 'java-'));
    await makeHome('11', 'JAVA_VERSION="11.0.22"\n');
    await makeHome('21', 'IMPLEMENTOR="x"\nJAVA_VERSION="21.0.3"\n');
    await makeHome('asked', undefined);
  });
  afterAll(() => rm(root, { recursive: true }));

  async function makeHome(name: string, release: string | undefined): Promise<void> {
    const program = path.join(home(name), 'bin', 'java');
    await mkdir(path.dirname(program), { recursive: true });
    await writeFile(program, '#!/bin/sh\necho \'openjdk version "17.0.9" 2023-10-17\' >&2\n');
    await chmod(program, 0o755);
    if (release !== undefined) await writeFile(path.join(home(name), 'release'), release);
  }

  it('is that of JAVA_HOME when it is new enough', async () => {
    expect(await findJava({ JAVA_HOME: home('21'), PATH: path.join(home('asked'), 'bin') })).toEqual({
      program: path.join(home('21'), 'bin', 'java'),
      version: 21,
    });
  });

  it('is one of the path when that of JAVA_HOME is too old', async () => {
    expect(await findJava({ JAVA_HOME: home('11'), PATH: path.join(home('21'), 'bin') })).toMatchObject({
      version: 21,
    });
  });

  it('is asked for its version when its home does not say', async () => {
    expect(await findJava({ JAVA_HOME: home('asked'), PATH: '' })).toMatchObject({ version: 17 });
  });

  it('is missed in words that help', async () => {
    await expect(requireJava({ JAVA_HOME: home('none'), PATH: '' }, [])).rejects.toMatchObject({
      code: 'JavaMissing',
      fix: expect.stringContaining('npm run setup'),
    });
  });
});
