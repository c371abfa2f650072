import { Command } from 'commander';
import { type CommonOptions, type Context, withConfig } from '../context.js';
import { localOptions } from './local.js';

interface DlqFlags extends CommonOptions {
  readonly state?: string;
  readonly code?: string;
  readonly all?: boolean;
}

export function dlqCommand(context: Context): Command {
  return new Command('dlq')
    .description('messages that were given up: list them, look at one, send them again')
    .addCommand(list(context))
    .addCommand(show(context))
    .addCommand(replay(context));
}

function list(context: Context): Command {
  return verb('list', 'platform dlq list --code AudioUnreadable')
    .description('the dead letters that wait, with their reasons')
    .option('--code <code>', 'only those of one reason')
    .action(async (flags: DlqFlags) => {
      const [{ listDeadLetters }, { lettersText }] = await Promise.all([
        import('../../actions/dlq/index.js'),
        import('../dlq-text.js'),
      ]);
      const { report } = await localOptions(context, flags);
      const letters = (await withBroker(context, flags, listDeadLetters)).filter(
        ({ code }) => flags.code === undefined || code === flags.code,
      );
      report.result(letters, () => lettersText(letters));
    });
}

function show(context: Context): Command {
  return verb('show', 'platform dlq show 12:0:-1')
    .description('one of them: why, whence, and what it holds')
    .argument('<id>', 'as `platform dlq list` shows it')
    .action(async (id: string, flags: DlqFlags) => {
      const [{ showDeadLetter }, { letterText }] = await Promise.all([
        import('../../actions/dlq/index.js'),
        import('../dlq-text.js'),
      ]);
      const { report } = await localOptions(context, flags);
      const letter = await withBroker(context, flags, ports => showDeadLetter(id, ports));
      report.result(letter, () => letterText(letter));
    });
}

function replay(context: Context): Command {
  return verb('replay', 'platform dlq replay --all')
    .description('send them to their topics again, each once; what can not be sent stays')
    .argument('[id...]', 'those that are sent again')
    .option('--code <code>', 'those of one reason')
    .option('--all', 'all that wait')
    .action(async (ids: readonly string[], flags: DlqFlags, command: Command) => {
      if (ids.length === 0 && flags.code === undefined && !flags.all)
        command.error('error: say which: ids, --code CODE, or --all');
      const [{ replayDeadLetters }, { replayText }] = await Promise.all([
        import('../../actions/dlq/index.js'),
        import('../dlq-text.js'),
      ]);
      const { report, signal } = await localOptions(context, flags);
      const { code } = flags;
      const result = await withBroker(context, flags, ports =>
        replayDeadLetters(ports, {
          report,
          signal,
          ...(ids.length > 0 && { ids }),
          ...(code !== undefined && { code }),
        }),
      );
      report.result(result, () => replayText(result));
      if (result.failed.length + result.unreached.length > 0) context.exitCode = 1;
    });
}

async function withBroker<T>(
  context: Context,
  flags: DlqFlags,
  work: (ports: import('../../actions/local/broker-ports.js').BrokerPorts) => Promise<T>,
): Promise<T> {
  const [{ loadConfig }, { withLocalBroker }] = await Promise.all([
    import('../../actions/load.js'),
    import('../../actions/local/broker-ports.js'),
  ]);
  const { folder } = await localOptions(context, flags);
  return withLocalBroker(await loadConfig(flags.config, flags.env), folder, work);
}

function verb(name: string, example: string): Command {
  return withConfig(new Command(name))
    .option(
      '--state <dir>',
      'state folder of the local platform (default: .platform/local beside the config)',
    )
    .addHelpText('after', `\nExample:\n  $ ${example}`);
}
