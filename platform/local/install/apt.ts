import { type ExecaError, execa } from 'execa';
import { PlatformError } from '../../errors.js';
import type { Report } from '../../report.js';

/** What to put before a command so that it runs as root; undefined when nothing makes it so. */
export async function administratorPrefix(): Promise<readonly string[] | undefined> {
  if (process.getuid?.() === 0) return [];
  return (await execa('sudo', ['-n', 'true'], { reject: false })).failed ? undefined : ['sudo', '-n'];
}

/** @throws PrerequisiteMissing */
export async function apt(
  args: readonly string[],
  prefix: readonly string[],
  report: Report,
  signal: AbortSignal,
): Promise<void> {
  const [program = 'apt-get', ...rest] = [...prefix, 'apt-get', '-q', ...args];
  const child = execa(program, rest, {
    stdin: 'ignore',
    all: true,
    cancelSignal: signal,
    env: { DEBIAN_FRONTEND: 'noninteractive' },
  });
  child.all.on('data', (chunk: Buffer) => {
    const line = chunk.toString().trim().split('\n').at(-1);
    if (line) report.progress('system', line);
  });
  try {
    await child;
  } catch (error) {
    const cause = error as ExecaError;
    throw new PlatformError('PrerequisiteMissing', `apt-get ${args[0]} failed`, {
      saw: String(cause.all ?? '').match(/^E: .+$/m)?.[0] ?? cause.shortMessage,
      cause,
    });
  }
}
