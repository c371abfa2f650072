import { Command } from 'commander';
import { applyCommand } from './commands/apply.js';
import { certsCommand } from './commands/certs/index.js';
import { checkCommand } from './commands/check.js';
import { completionCommand } from './commands/completion.js';
import { costCommand } from './commands/cost.js';
import { demoCommand } from './commands/demo.js';
import { destroyCommand } from './commands/destroy.js';
import { diffCommand } from './commands/diff.js';
import { dlqCommand } from './commands/dlq.js';
import { doctorCommand } from './commands/doctor.js';
import { explainCommand } from './commands/explain.js';
import { gitopsCommand } from './commands/gitops.js';
import { initCommand } from './commands/init.js';
import { localCommand } from './commands/local.js';
import { planCommand } from './commands/plan.js';
import { scaleCommand } from './commands/scale.js';
import { secretsCommand } from './commands/secrets.js';
import { statusCommand } from './commands/status.js';
import { supportBundleCommand } from './commands/support-bundle.js';
import { synthCommand } from './commands/synth.js';
import { tenantsCommand } from './commands/tenants.js';
import { tokensCommand } from './commands/tokens.js';
import { topicsCommand } from './commands/topics.js';
import { verifyCommand } from './commands/verify.js';
import type { Context } from './context.js';
import { GROUP_EXAMPLES } from './group-examples.js';
import { guarded } from './guard.js';
import type { Io } from './io.js';
import { samePlatform } from './target.js';

/** Runs one command line and returns its exit code. Exit codes are known here and in `guard.ts` only. */
export async function main(argv: readonly string[], io: Io): Promise<number> {
  const context: Context = { io, exitCode: 0 };
  const program = programOf(context);
  const options = {
    json: argv.includes('--json'),
    debug: argv.includes('--debug'),
    place: () => context.place ?? [],
  };
  return guarded(io, options, async () => {
    await program.parseAsync([...argv], { from: 'user' });
    return context.exitCode;
  });
}

/** The program with all of its commands. What a command needs is loaded when it runs. */
export function programOf(context: Context): Command {
  const { io } = context;
  const program = new Command('platform')
    .description('Apache Pulsar on Amazon EKS with verified TLS, from one typed config')
    .version('0.1.0')
    .option('--debug', 'print the stack of an error')
    .configureOutput({
      writeOut: text => io.stdout.write(text),
      writeErr: text => io.stderr.write(text),
    })
    .exitOverride()
    .showHelpAfterError('run with --help for usage')
    .hook('preAction', (_, command) => {
      refuseEmpty(command);
      context.place = samePlatform(command.opts());
    });
  const commands = [
    applyCommand(context),
    certsCommand(context),
    checkCommand(context),
    completionCommand(context),
    costCommand(context),
    demoCommand(context),
    destroyCommand(context),
    diffCommand(context),
    explainCommand(context),
    gitopsCommand(context),
    initCommand(context),
    dlqCommand(context),
    doctorCommand(context),
    localCommand(context),
    planCommand(context),
    scaleCommand(context),
    secretsCommand(context),
    statusCommand(context),
    supportBundleCommand(context),
    synthCommand(context),
    tenantsCommand(context),
    tokensCommand(context),
    topicsCommand(context),
    verifyCommand(context),
  ];
  for (const command of commands) {
    const examples = GROUP_EXAMPLES[command.name()] ?? [];
    if (examples.length > 0) {
      command.addHelpText('after', ['', 'Examples:', ...examples.map(it => `  $ platform ${it}`)].join('\n'));
    }
    program.addCommand(inheriting(command, program));
  }
  return program;
}

/** A variable of the shell that is not set: what it was to name is not here, and nobody means nothing. */
function refuseEmpty(command: Command): void {
  for (const option of command.options) {
    const value: unknown = command.getOptionValue(option.attributeName());
    if (value === '' || (Array.isArray(value) && value.includes(''))) {
      command.error(`error: option '${option.long}' has an empty value`);
    }
  }
  if (command.args.includes('')) command.error('error: an argument is empty');
}

/** A command and its subcommands write where the program writes, and throw instead of exiting. */
function inheriting(command: Command, parent: Command): Command {
  for (const child of command.copyInheritedSettings(parent).commands) inheriting(child, command);
  return command;
}
