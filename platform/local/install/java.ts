import { access, constants, realpath } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { readIfThere } from '../../edges/files.js';
import { PlatformError } from '../../errors.js';

const OLDEST = 17;
/** Where Homebrew puts it without linking it into the path, and where Debian and Fedora keep theirs. */
const USUAL_HOMES = [
  '/opt/homebrew/opt/openjdk',
  '/usr/local/opt/openjdk',
  '/usr/lib/jvm/default-java',
  '/usr/lib/jvm/jre',
];

export interface Java {
  /** The program `java`. */
  readonly program: string;
  /** Major version. */
  readonly version: number;
}

export type Environment = Readonly<Record<string, string | undefined>>;

/** The first Java runtime that is new enough: `JAVA_HOME`, the path, then the usual places. */
export async function findJava(
  env: Environment,
  usualHomes: readonly string[] = USUAL_HOMES,
): Promise<Java | undefined> {
  for (const program of candidates(env, usualHomes)) {
    const version = (await isProgram(program)) ? await versionOf(program) : undefined;
    if (version !== undefined && version >= OLDEST) return { program, version };
  }
  return undefined;
}

export async function requireJava(env: Environment, usualHomes?: readonly string[]): Promise<Java> {
  const java = await findJava(env, usualHomes);
  if (java !== undefined) return java;
  throw new PlatformError('JavaMissing', `no Java runtime of version ${OLDEST} or newer was found`, {
    saw: env['JAVA_HOME'] === undefined ? 'none in the path' : `JAVA_HOME=${env['JAVA_HOME']}`,
    want: `java >= ${OLDEST}`,
    refused: true,
  });
}

function candidates(env: Environment, usualHomes: readonly string[]): string[] {
  const program = (home: string) => path.join(home, 'bin', 'java');
  const onPath = (env['PATH'] ?? '').split(path.delimiter).map(folder => path.join(folder, 'java'));
  const named = env['JAVA_HOME'] ? [program(env['JAVA_HOME'])] : [];
  return [...named, ...onPath, ...usualHomes.map(program)];
}

async function isProgram(file: string): Promise<boolean> {
  return access(file, constants.X_OK).then(
    () => true,
    () => false,
  );
}

/** From the file `release` of its home, which costs no start of a JVM; else it is asked. */
async function versionOf(program: string): Promise<number | undefined> {
  const home = path.dirname(path.dirname(await realpath(program)));
  const release = await readIfThere(path.join(home, 'release'));
  const known = release?.match(/^JAVA_VERSION="(\d+)/m)?.[1];
  if (known !== undefined) return Number(known);
  const { stderr } = await execa(program, ['-version'], { reject: false, timeout: 10_000 });
  const told = stderr.match(/version "(\d+)/)?.[1];
  return told === undefined ? undefined : Number(told);
}
