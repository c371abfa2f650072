import { Command } from 'commander';
import type { LocalStatus } from '../../actions/local/status.js';
import { type CommonOptions, type Context, reporterFor, withConfig } from '../context.js';
import { whole } from '../whole.js';

interface LocalCommandOptions extends CommonOptions {
  readonly state?: string;
}

export function localCommand(context: Context): Command {
  return new Command('local')
    .description('the same platform on this machine, with a real broker and store')
    .addCommand(up(context))
    .addCommand(status(context))
    .addCommand(logs(context))
    .addCommand(down(context))
    .addCommand(reset(context));
}

function up(context: Context): Command {
  return withState('up')
    .description('start it, or join it when it runs already')
    .addHelpText('after', '\nExample:\n  $ platform local up')
    .action(async (options: LocalCommandOptions) => {
      const { localUp } = await import('../../actions/local/up.js');
      const common = await localOptions(context, options);
      const config = await readConfig(options);
      await localUp({ ...common, config, env: context.io.env });
      await printStatus(context, options);
    });
}

function status(context: Context): Command {
  return withState('status')
    .description('show each process, and with --json all that another client needs to join')
    .addHelpText(
      'after',
      '\nExit code 0 when all of it is ready; 3 when something is not, or nothing runs, as of platform status.\n\nExample:\n  $ platform local status --json',
    )
    .action(async (options: LocalCommandOptions) => {
      const { ready } = await printStatus(context, options);
      if (!ready) context.exitCode = 3;
    });
}

interface LogsOptions extends LocalCommandOptions {
  readonly lines: number;
  readonly follow?: boolean;
}

function logs(context: Context): Command {
  return withState('logs')
    .description('print the last lines of the logs')
    .addHelpText('after', '\nExample:\n  $ platform local logs broker --follow')
    .argument('[process]', 'broker, store, transcriber, supervisor, …')
    .option('-n, --lines <count>', 'how many lines of each', whole, 50)
    .option('-f, --follow', 'go on with each new line until interrupted')
    .action(async (process: string | undefined, options: LogsOptions) => {
      const { followLogs, lastLogLines } = await import('../../actions/local/logs.js');
      const { folder, signal } = await localOptions(context, options);
      const text = (entry: { readonly process: string; readonly line: string }) =>
        process === undefined ? `${entry.process.padEnd(12)} ${entry.line}` : entry.line;
      const lines = await lastLogLines(folder, {
        lines: options.lines,
        ...(process !== undefined && { process }),
      });
      reporterFor(context, options).result(lines, () => lines.map(text).join('\n'));
      if (!options.follow) return;
      await followLogs(folder, process, signal, entry => {
        context.io.stdout.write(`${options.json ? JSON.stringify(entry) : text(entry)}\n`);
      });
    });
}

function down(context: Context): Command {
  return withState('down')
    .description('stop everything that it started; the data stays')
    .addHelpText('after', '\nExample:\n  $ platform local down')
    .action(async (options: LocalCommandOptions) => {
      const { localDown } = await import('../../actions/local/down.js');
      const stopped = await localDown(await localOptions(context, options));
      if (options.json) reporterFor(context, options).result({ stopped }, () => '');
    });
}

function reset(context: Context): Command {
  return withState('reset')
    .description('stop it and remove its state folder: data, keys, logs')
    .addHelpText('after', '\nExample:\n  $ platform local reset')
    .action(async (options: LocalCommandOptions) => {
      const { localReset } = await import('../../actions/local/down.js');
      await localReset(await localOptions(context, options));
    });
}

function withState(name: string): Command {
  return withConfig(new Command(name)).option(
    '--state <dir>',
    'state folder (default: .platform/local beside the config)',
  );
}

/** What every local command needs: the folder, a reporter, the interrupt. */
export async function localOptions(context: Context, options: LocalCommandOptions) {
  const { localFolder } = await import('../../actions/local/folder.js');
  const { cwd, signal } = context.io;
  const folder = await localFolder(cwd, options.config, options.state);
  return { folder, report: reporterFor(context, options), signal };
}

async function readConfig(options: CommonOptions) {
  const { loadConfig } = await import('../../actions/load.js');
  return loadConfig(options.config, options.env);
}

async function printStatus(context: Context, options: LocalCommandOptions): Promise<LocalStatus> {
  const [{ localStatus }, { statusText }] = await Promise.all([
    import('../../actions/local/status.js'),
    import('../local-status.js'),
  ]);
  const { folder, report } = await localOptions(context, options);
  const found = await localStatus(await readConfig(options), folder);
  report.result(found, () => statusText(found));
  return found;
}
