import type { Command } from 'commander';
import type { Io } from './io.js';
import { Reporter } from './reporter.js';

/** What every command gets: the outside, and a reporter that knows the command's own flags. */
export interface Context {
  readonly io: Io;
  /** Sets the exit code: 0 ok, 1 failed, 2 refused, 3 check failed, 124 time-out, 130 interrupted. @default 0 */
  exitCode: number;
}

export interface CommonOptions {
  readonly config: string;
  readonly env?: string;
  readonly json?: boolean;
}

/** Flags of every command that reads the config. */
export function withConfig(command: Command): Command {
  return command
    .option('-c, --config <file>', 'the config', 'platform.yaml')
    .option('-e, --env <name>', 'an environment of the config')
    .option('--json', 'print the result as JSON');
}

export function reporterFor(context: Context, options: { readonly json?: boolean }): Reporter {
  return new Reporter(context.io, options);
}
