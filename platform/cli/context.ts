import { statSync } from 'node:fs';
import path from 'node:path';
import { type Command, Option } from 'commander';
import type { Io } from './io.js';
import { Reporter } from './reporter.js';

/** What every command gets: the outside, and a reporter that knows the command's own flags. */
export interface Context {
  readonly io: Io;
  /** Sets the exit code: 0 ok, 1 failed, 2 refused, 3 check failed, 124 time-out, 130 interrupted. @default 0 */
  exitCode: number;
  /** Flags by which the command that runs was told which platform is meant. @default - none, or no command has begun */
  place?: readonly string[];
}

export interface CommonOptions {
  readonly config: string;
  readonly env?: string;
  readonly json?: boolean;
}

/** The file, or the folder that it is in. */
export function configOption(): Option {
  return new Option('-c, --config <file>', 'the config, or its folder')
    .default(CONFIG_FILE)
    .argParser((value: string) => (isFolder(value) ? path.join(value, CONFIG_FILE) : value));
}

/** What cannot be told is told when the file is read. */
function isFolder(name: string): boolean {
  try {
    return statSync(name).isDirectory();
  } catch {
    return false;
  }
}

export const CONFIG_FILE = 'platform.yaml';

/** Flags of every command that reads the config. */
export function withConfig(command: Command): Command {
  return command
    .addOption(configOption())
    .option('-e, --env <name>', 'an environment of the config')
    .option('--json', 'print the result as JSON');
}

export function reporterFor(context: Context, options: { readonly json?: boolean }): Reporter {
  return new Reporter(context.io, options);
}
