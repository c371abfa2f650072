import { Command, CommanderError } from 'commander';
import { PlatformError } from '../errors.js';
import { certsCommand } from './commands/certs.js';
import { localCommand } from './commands/local.js';
import { planCommand } from './commands/plan.js';
import { tenantsCommand } from './commands/tenants.js';
import type { Context } from './context.js';
import type { Io } from './io.js';
import { Reporter } from './reporter.js';

/** Runs one command line and returns its exit code. Only this function and `bin.js` know of exit codes. */
export async function main(argv: readonly string[], io: Io): Promise<number> {
  const context: Context = { io, exitCode: 0 };
  const program = new Command('platform')
    .description('Apache Pulsar on Amazon EKS with verified TLS, from one typed config')
    .version('0.1.0')
    .option('--debug', 'print the stack of an error')
    .configureOutput({
      writeOut: text => io.stdout.write(text),
      writeErr: text => io.stderr.write(text),
    })
    .exitOverride()
    .showHelpAfterError('run with --help for usage');
  const commands = [
    certsCommand(context),
    localCommand(context),
    planCommand(context),
    tenantsCommand(context),
  ];
  for (const command of commands) {
    program.addCommand(inheriting(command, program));
  }

  try {
    await program.parseAsync([...argv], { from: 'user' });
    return io.signal.aborted ? 130 : context.exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    const known = toPlatformError(error, io);
    new Reporter(io, { json: argv.includes('--json') }).error(known);
    if (argv.includes('--debug') && error instanceof Error) io.stderr.write(`${error.stack}\n`);
    return exitCodeOf(known);
  }
}

/** A command and its subcommands write where the program writes, and throw instead of exiting. */
function inheriting(command: Command, parent: Command): Command {
  for (const child of command.copyInheritedSettings(parent).commands) inheriting(child, command);
  return command;
}

function toPlatformError(error: unknown, io: Io): PlatformError {
  if (error instanceof PlatformError) return error;
  if (io.signal.aborted) return new PlatformError('Interrupted', 'interrupted', { cause: error });
  const message = error instanceof Error ? error.message : String(error);
  return new PlatformError('Internal', message, { cause: error });
}

function exitCodeOf({ code, refused }: PlatformError): number {
  if (code === 'Interrupted') return 130;
  if (code === 'Timeout') return 124;
  return refused ? 2 : 1;
}
