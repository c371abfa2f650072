import { mkdir, realpath, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type ExecaError, execa } from 'execa';
import { readIfThere } from '../../edges/files.js';
import { PlatformError } from '../../errors.js';
import type { Report } from '../../report.js';
import { packageRoot } from '../compiled.js';
import { firstDamage, takeManifest, writeManifest } from './manifest.js';

const TITLE = 'speech engine';
const OLDEST_MINOR = 9;
/** Those with a wheel come first: anything else must be compiled. */
const NAMES = ['python3', 'python3.13', 'python3.12', 'python3.11', 'python3.10'];
const WITH_WHEEL = [10, 11, 12, 13];

export interface Python {
  readonly program: string;
  /** 13 in Python 3.13. */
  readonly minor: number;
}

/** A Python 3 that can make virtual environments; one for which there is a wheel, when there is one. */
export async function findPython(): Promise<Python | undefined> {
  const found = (await Promise.all(NAMES.map(probe))).filter(python => python !== undefined);
  return (
    found.find(({ minor }) => WITH_WHEEL.includes(minor)) ?? found.find(({ minor }) => minor >= OLDEST_MINOR)
  );
}

async function probe(program: string): Promise<Python | undefined> {
  const code =
    'import sys, venv, ensurepip; print(sys.version_info.major, sys.version_info.minor, sys.executable)';
  const { stdout, failed } = await execa(program, ['-c', code], { reject: false, timeout: 10_000 });
  const [major, minor, executable] = (stdout ?? '').split(' ');
  if (failed || major !== '3' || executable === undefined) return undefined;
  return { program: executable, minor: Number(minor) };
}

/** The interpreter of a speech folder. */
export function pythonOf(speech: string): string {
  return path.join(speech, 'bin', 'python');
}

/** Whether the virtual environment is whole and its interpreter is still the one that it was made with. */
export async function speechIsWhole(folder: string): Promise<boolean> {
  if ((await firstDamage(folder)) !== undefined) return false;
  const now = await realpath(pythonOf(folder)).catch(() => undefined);
  return now !== undefined && now === (await readIfThere(baseFile(folder)));
}

/** A virtual environment with the recogniser and its model; nothing else of the user's Python is touched. */
export async function installSpeech(
  folder: string,
  python: Python,
  report: Report,
  signal: AbortSignal,
): Promise<void> {
  const began = Date.now();
  report.action(TITLE, `installing pocketsphinx for ${python.program}`);
  await rm(folder, { recursive: true, force: true });
  await mkdir(path.dirname(folder), { recursive: true });
  const requirements = path.join(packageRoot(), 'platform', 'local', 'install', 'requirements.txt');
  await run(python.program, ['-m', 'venv', folder], signal);
  report.progress(TITLE, 'fetching the recogniser and its model (29 MB)');
  const pip = [
    '-m',
    'pip',
    'install',
    '--disable-pip-version-check',
    '--no-input',
    '--no-deps',
    '--require-hashes',
  ];
  await run(pythonOf(folder), [...pip, '--requirement', requirements], signal);
  await run(pythonOf(folder), ['-c', 'import pocketsphinx; pocketsphinx.Decoder(samprate=16000)'], signal);
  await writeFile(baseFile(folder), await realpath(pythonOf(folder)));
  await writeManifest(folder, await takeManifest(folder));
  report.success(TITLE, `installed in ${folder} (${((Date.now() - began) / 1000).toFixed(0)} s)`);
}

function baseFile(folder: string): string {
  return path.join(folder, 'base-python.txt');
}

async function run(program: string, args: readonly string[], signal: AbortSignal): Promise<void> {
  try {
    await execa(program, args, { stdin: 'ignore', all: true, cancelSignal: signal });
  } catch (error) {
    throw failure(error as ExecaError);
  }
}

function failure(cause: ExecaError): PlatformError {
  if (cause.isCanceled)
    return new PlatformError('Interrupted', `the installation of the ${TITLE} was interrupted`);
  const output = String(cause.all ?? '');
  if (/No space left on device/.test(output)) {
    return new PlatformError('DiskFull', `no space left to install the ${TITLE}`, { cause });
  }
  const errors = output.match(/^ *ERROR: .+$/gm) ?? [];
  const mismatch = /HASHES/.test(output);
  return new PlatformError(
    mismatch ? 'ChecksumMismatch' : 'DownloadFailed',
    `the ${TITLE} could not be installed by pip`,
    {
      saw: (errors.at(-1)?.trim() ?? output.trim().split('\n').at(-1) ?? cause.shortMessage).slice(0, 400),
      fix: 'check the network and the index in pip.conf, then run again; a Python without a wheel needs a C compiler',
      cause,
    },
  );
}
