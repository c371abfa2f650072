import { execa } from 'execa';
import { PlatformError } from '../../errors.js';
import type { Report } from '../../report.js';
import { administratorPrefix, apt } from './apt.js';
import { type Environment, findJava } from './java.js';
import { findPython } from './python.js';
import { type SystemFamily, systemFamily } from './system.js';

/** A program that must come from the system's package manager. */
export type Prerequisite = 'java' | 'maven' | 'python' | 'tar';

const TITLES: Readonly<Record<Prerequisite, string>> = {
  java: 'a Java runtime >= 17',
  maven: 'Maven (mvn)',
  python: 'Python >= 3.9 with venv',
  tar: 'tar and gzip',
};

/** Debian's name of the Java runtime depends on its release; the newest that a release has is taken. */
const DEBIAN_JAVA = ['openjdk-25-jre-headless', 'openjdk-21-jre-headless', 'openjdk-17-jre-headless'];

const PACKAGES: Readonly<Record<Exclude<SystemFamily, 'other'>, Readonly<Record<Prerequisite, string>>>> = {
  debian: { java: 'openjdk-17-jre-headless', maven: 'maven', python: 'python3-venv', tar: 'tar gzip' },
  fedora: { java: 'java-21-openjdk-headless', maven: 'maven', python: 'python3', tar: 'tar gzip' },
  macos: { java: 'openjdk', maven: 'maven', python: 'python@3.13', tar: 'gnu-tar' },
};

const COMMANDS: Readonly<Record<Exclude<SystemFamily, 'other'>, string>> = {
  debian: 'sudo apt-get update && sudo apt-get install -y --no-install-recommends',
  fedora: 'sudo dnf install -y',
  macos: 'brew install',
};

/** Which of those that are needed this machine lacks. */
export async function missingPrerequisites(
  needed: readonly Prerequisite[],
  env: Environment,
): Promise<Prerequisite[]> {
  const has: Readonly<Record<Prerequisite, () => Promise<boolean>>> = {
    java: async () => (await findJava(env)) !== undefined,
    maven: () => runs('mvn', '--version'),
    python: async () => (await findPython()) !== undefined,
    tar: () => runs('tar', '--version'),
  };
  const missing = await Promise.all(needed.map(async one => ((await has[one]()) ? undefined : one)));
  return missing.filter(one => one !== undefined);
}

/**
 * Installs what is missing where that is allowed: on Debian and its kin, as root or with a sudo that asks nothing.
 * Elsewhere, one error with the command to type.
 */
export async function installPrerequisites(
  missing: readonly Prerequisite[],
  report: Report,
  signal: AbortSignal,
): Promise<void> {
  if (missing.length === 0) return;
  const family = await systemFamily();
  const rights = family === 'debian' ? await administratorPrefix() : undefined;
  if (rights === undefined) throw listOf(missing, family, await debianJava());
  report.action('system', `installing ${missing.map(one => TITLES[one]).join(', ')}`);
  await apt(['update'], rights, report, signal);
  const packages = await Promise.all(
    missing.map(one => (one === 'java' ? debianJava() : PACKAGES.debian[one])),
  );
  const names = packages.flatMap(name => name.split(' '));
  await apt(['install', '-y', '--no-install-recommends', ...names], rights, report, signal);
  report.success('system', `installed ${names.join(', ')}`);
}

/**
 * What to type, for people who may install or know who may. Pure.
 *
 * @param debianJava what this release of Debian calls its Java runtime
 */
export function listOf(
  missing: readonly Prerequisite[],
  family: SystemFamily,
  debianJava: string = PACKAGES.debian.java,
): PlatformError {
  const names = { ...PACKAGES, debian: { ...PACKAGES.debian, java: debianJava } };
  const what = missing.map(one => TITLES[one]).join(', ');
  const fix =
    family === 'other'
      ? `install ${what} with this system's package manager`
      : `${COMMANDS[family]} ${missing.map(one => names[family][one]).join(' ')}`;
  return new PlatformError('PrerequisiteMissing', `this machine lacks ${what}`, { fix, refused: true });
}

async function runs(program: string, argument: string): Promise<boolean> {
  return !(await execa(program, [argument], { reject: false, timeout: 20_000, stdin: 'ignore' })).failed;
}

async function debianJava(): Promise<string> {
  for (const name of DEBIAN_JAVA) {
    const { stdout } = await execa('apt-cache', ['policy', name], { reject: false });
    if (/Candidate: \d/.test(stdout ?? '')) return name;
  }
  return PACKAGES.debian.java;
}
