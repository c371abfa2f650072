import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type ExecaError, execa } from 'execa';
import { PlatformError } from '../../errors.js';
import type { Report } from '../../report.js';

const PLUGIN = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1';
/** Checksums of the repository are enforced; the user's settings (mirrors, proxies) hold. */
const COMMON = ['--strict-checksums', '-Dstyle.color=never'];

export interface Download {
  readonly title: string;
  /** Folder into which the files are put; made when it is missing. */
  readonly into: string;
  readonly report: Report;
  readonly signal: AbortSignal;
}

/** Fetches one file by its coordinates `group:artifact:version:type:classifier`. */
export async function fetchArtifact(artifact: string, download: Download): Promise<void> {
  await mkdir(download.into, { recursive: true });
  await maven([`${PLUGIN}:copy`, `-Dartifact=${artifact}`, `-DoutputDirectory=${download.into}`], download);
}

/** Fetches artefacts with everything that they need at run time. */
export async function fetchWithDependencies(
  dependencies: readonly string[],
  download: Download,
): Promise<void> {
  await mkdir(download.into, { recursive: true });
  const pom = path.join(download.into, 'pom.xml');
  await writeFile(pom, pomOf(dependencies));
  await maven(
    [
      `${PLUGIN}:copy-dependencies`,
      '-DincludeScope=runtime',
      `-DoutputDirectory=${path.join(download.into, 'lib')}`,
      `--file=${pom}`,
    ],
    download,
  );
}

function pomOf(dependencies: readonly string[]): string {
  const elements = dependencies.map(coordinates => {
    const [group, artifact, version] = coordinates.split(':');
    return `<dependency><groupId>${group}</groupId><artifactId>${artifact}</artifactId><version>${version}</version></dependency>`;
  });
  return `<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>
<groupId>local</groupId><artifactId>parts</artifactId><version>1</version><packaging>pom</packaging>
<dependencies>${elements.join('')}</dependencies></project>`;
}

async function maven(args: readonly string[], { title, into, report, signal }: Download): Promise<void> {
  // Without --batch-mode, since that hides the progress of a transfer.
  const child = execa('mvn', [...COMMON, ...args], {
    cwd: into,
    stdin: 'ignore',
    all: true,
    cancelSignal: signal,
    gracefulCancel: false,
  });
  child.all.on('data', (chunk: Buffer) => {
    // Small files come and go too fast to be worth a line.
    const transfers = chunk.toString().match(/Progress \(\d+\): [^\r\n|]+ MB/g);
    if (transfers) report.progress(title, String(transfers.at(-1)).replace(/^Progress \(\d+\): /, ''));
  });
  try {
    await child;
  } catch (error) {
    throw downloadError(title, error as ExecaError);
  }
}

function downloadError(title: string, cause: ExecaError): Error {
  if (cause.isCanceled) return new PlatformError('Interrupted', `the download of ${title} was interrupted`);
  if (cause.code === 'ENOENT') {
    return new PlatformError('PrerequisiteMissing', 'there is no Maven (mvn) to fetch the parts with', {
      cause,
    });
  }
  const output = String(cause.all ?? '');
  if (/No space left on device/.test(output)) {
    return new PlatformError('DiskFull', `no space left to fetch ${title}`, { cause });
  }
  const errors = output.match(/^\[ERROR\] .+$/gm) ?? [];
  return new PlatformError('DownloadFailed', `${title} could not be fetched by Maven`, {
    saw: errors[0]?.replace('[ERROR] ', '').slice(0, 400) ?? cause.shortMessage,
    cause,
  });
}
