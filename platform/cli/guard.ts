import { CommanderError } from 'commander';
import { isOwnFile } from '../actions/own-files.js';
import { fileError, PlatformError } from '../errors.js';
import type { Io } from './io.js';
import { Reporter } from './reporter.js';

export interface GuardOptions {
  /** Print an error as JSON on stdout. */
  readonly json: boolean;
  /** Print its stack too. */
  readonly debug: boolean;
  /** The flags by which a command that an error names means the same platform. @default - none are told */
  readonly place?: () => readonly string[];
}

/** Runs a program's work; whatever goes wrong is printed and becomes an exit code. */
export async function guarded(io: Io, options: GuardOptions, work: () => Promise<number>): Promise<number> {
  try {
    const code = await work();
    return io.signal.aborted ? 130 : code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    const known = toPlatformError(error, io);
    new Reporter(io, { json: options.json }).error(known, options.place?.());
    if (options.debug && error instanceof Error) io.stderr.write(`${error.stack}\n`);
    return exitCodeOf(known);
  }
}

function toPlatformError(error: unknown, io: Io): PlatformError {
  if (error instanceof PlatformError) return error;
  if (io.signal.aborted) return new PlatformError('Interrupted', 'interrupted', { cause: error });
  const ofFile = fileErrorOf(error);
  if (ofFile !== undefined) return ofFile;
  const message = error instanceof Error ? error.message : String(error);
  return new PlatformError('Internal', message, { cause: error });
}

/**
 * What the file system refuses is no defect of the kit, wherever it comes up. A program that is missing is another matter,
 * and so is a file of the kit itself.
 */
function fileErrorOf(error: unknown): PlatformError | undefined {
  if (!(error instanceof Error)) return undefined;
  const { code, path, dest = path, syscall = '' }: NodeJS.ErrnoException & { readonly dest?: string } = error;
  if (dest === undefined || syscall.startsWith('spawn')) return undefined;
  if (code === 'ENOENT' && isOwnFile(dest)) return undefined;
  const found = fileError(dest, error);
  return found instanceof PlatformError ? found : undefined;
}

/** These are given only when what was waited for did not come in time. */
const TIMED_OUT = new Set(['Timeout', 'StageNotHealthy', 'RotationStuck', 'ScaleTimeout']);

function exitCodeOf({ code, refused, timedOut }: PlatformError): number {
  if (code === 'Interrupted') return 130;
  if (timedOut || TIMED_OUT.has(code)) return 124;
  return refused ? 2 : 1;
}
