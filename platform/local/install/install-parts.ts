import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { type ExecaError, execa } from 'execa';
import { fileError, PlatformError } from '../../errors.js';
import type { Report } from '../../report.js';
import {
  firstDamage,
  type Manifest,
  manifestFile,
  sha256Of,
  takeManifest,
  writeManifest,
} from './manifest.js';
import { fetchArtifact, fetchWithDependencies } from './maven.js';
import { type PartFolders, PULSAR, S3PROXY } from './parts.js';

/** Between the name of a folder and what makes it unique, until it is whole. */
const UNFINISHED = '.part-';

export interface InstallOptions {
  readonly report: Report;
  readonly signal: AbortSignal;
}

/** Which of the parts that Maven fetches are missing or damaged. */
export async function damagedParts({ pulsar, s3proxy }: PartFolders): Promise<string[]> {
  const damages = await Promise.all(
    [pulsar, s3proxy].map(async folder => ((await firstDamage(folder)) === undefined ? undefined : folder)),
  );
  return damages.filter(folder => folder !== undefined);
}

/** Installs the broker and the object store where they are missing or damaged. */
export async function installParts({ pulsar, s3proxy }: PartFolders, options: InstallOptions): Promise<void> {
  await install(pulsar, PULSAR.title, options, into => unpackPulsar(into, options));
  await install(s3proxy, S3PROXY.title, options, into => collectS3Proxy(into, options));
}

/**
 * Fills a folder beside the final one and renames it when it is whole: a crash at any moment leaves either the old
 * state or the new one. Downloads themselves are resumed by Maven, whose repository keeps them.
 */
async function install(
  folder: string,
  title: string,
  { report }: InstallOptions,
  fill: (into: string) => Promise<Manifest>,
): Promise<void> {
  const damage = await firstDamage(folder);
  if (damage === undefined) return;
  const missing = damage === '(manifest)';
  report.action(title, missing ? 'installing' : `${damage} is missing or changed, installing anew`);
  const began = Date.now();
  await removeUnfinished(folder);
  const work = await mkdtemp(`${folder}${UNFINISHED}`);
  try {
    const manifest = await fill(work);
    await rm(manifestFile(folder), { force: true });
    await rm(folder, { recursive: true, force: true });
    await rename(path.join(work, 'content'), folder);
    await writeManifest(folder, manifest);
  } catch (error) {
    throw fileError(folder, error as NodeJS.ErrnoException);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
  report.success(title, `installed in ${folder} (${((Date.now() - began) / 1000).toFixed(0)} s)`);
}

/** What a set-up that was killed has left. */
async function removeUnfinished(folder: string): Promise<void> {
  const cache = path.dirname(folder);
  await mkdir(cache, { recursive: true });
  const left = (await readdir(cache)).filter(name => name.startsWith(path.basename(folder) + UNFINISHED));
  await Promise.all(left.map(name => rm(path.join(cache, name), { recursive: true, force: true })));
}

async function unpackPulsar(work: string, { report, signal }: InstallOptions): Promise<Manifest> {
  await fetchArtifact(PULSAR.artifact, { title: PULSAR.title, into: work, report, signal });
  const archive = path.join(work, PULSAR.archive);
  report.progress(PULSAR.title, 'checking');
  expectChecksum(PULSAR.title, await sha256Of(archive), PULSAR.sha256);
  report.progress(PULSAR.title, 'unpacking');
  const content = path.join(work, 'content');
  await mkdir(content);
  await untar(archive, content);
  return takeManifest(content);
}

async function untar(archive: string, into: string): Promise<void> {
  try {
    await execa('tar', ['-xzf', archive, '--strip-components=1', '--no-same-owner', '-C', into]);
  } catch (error) {
    const cause = error as ExecaError;
    const full = /No space left/.test(String(cause.stderr));
    throw new PlatformError(full ? 'DiskFull' : 'DownloadFailed', `${archive} could not be unpacked`, {
      saw: cause.shortMessage,
      cause,
    });
  }
}

async function collectS3Proxy(work: string, { report, signal }: InstallOptions): Promise<Manifest> {
  const fetched = path.join(work, 'fetched');
  await fetchWithDependencies(S3PROXY.dependencies, { title: S3PROXY.title, into: fetched, report, signal });
  await rename(path.join(fetched, 'lib'), path.join(work, 'content'));
  const manifest = await takeManifest(path.join(work, 'content'));
  const lines = Object.entries(manifest).map(([file, { sha256 }]) => `${sha256}  ${file}\n`);
  expectChecksum(S3PROXY.title, createHash('sha256').update(lines.join('')).digest('hex'), S3PROXY.sha256);
  return manifest;
}

function expectChecksum(title: string, saw: string, want: string): void {
  if (saw === want) return;
  throw new PlatformError('ChecksumMismatch', `what was fetched as ${title} is not what was expected`, {
    saw: `sha256 ${saw}`,
    want: `sha256 ${want}`,
  });
}
