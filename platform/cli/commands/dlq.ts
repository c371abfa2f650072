import { Command } from 'commander';
import { withBroker } from '../broker.js';
import { type Context, reporterFor } from '../context.js';
import { type PlatformFlags, withPlatform } from '../target.js';

interface DlqFlags extends PlatformFlags {
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
      const letters = (await withBroker(context, flags, listDeadLetters)).filter(
        ({ code }) => flags.code === undefined || code === flags.code,
      );
      reporterFor(context, flags).result(letters, () => lettersText(letters));
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
      const letter = await withBroker(context, flags, ports => showDeadLetter(id, ports));
      reporterFor(context, flags).result(letter, () => letterText(letter));
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
      const report = reporterFor(context, flags);
      const { signal } = context.io;
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
      const { failed, unreached, missing } = result;
      if (failed.length + unreached.length + missing.length > 0) context.exitCode = 1;
    });
}

function verb(name: string, example: string): Command {
  return withPlatform(new Command(name), 'local').addHelpText(
    'after',
    `\nExamples:\n  $ ${example}\n  $ ${example} --target cluster --env prod`,
  );
}
