import path from 'node:path';
import { Command, Option } from 'commander';
import { type CommonOptions, type Context, reporterFor, withConfig } from '../context.js';
import { localOptions } from './local.js';

interface DemoFlags extends CommonOptions {
  readonly state?: string;
}

export function demoCommand(context: Context): Command {
  return new Command('demo')
    .description('lessons on the running local platform')
    .addCommand(subscriptions(context))
    .addCommand(rebuildThread(context));
}

interface SubscriptionsFlags extends DemoFlags {
  readonly out: string;
  readonly transport: 'auto' | 'native' | 'websocket';
}

function subscriptions(context: Context): Command {
  return withState('subscriptions')
    .description('how each subscription type hands out one stream, and what happens when a consumer dies')
    .option('-o, --out <dir>', 'folder of the plot and the page', '.platform/demo')
    .addOption(
      new Option('--transport <name>', 'how messages travel')
        .choices(['auto', 'native', 'websocket'])
        .default('auto'),
    )
    .addHelpText(
      'after',
      `
Examples:
  $ platform local up
  $ platform demo subscriptions
  $ platform demo subscriptions --json | jq '.facts[] | {type, inHand, cameAgain}'`,
    )
    .action(async (flags: SubscriptionsFlags) => {
      const [{ demoSubscriptions }, { lessonText }, options] = await Promise.all([
        import('../../actions/demo/subscriptions/index.js'),
        import('../lesson-text.js'),
        withLoadedConfig(context, flags),
      ]);
      const { transport } = flags;
      const lesson = await demoSubscriptions({
        ...options,
        transport,
        out: path.resolve(context.io.cwd, flags.out),
      });
      reporterFor(context, flags).result(lesson, () => lessonText(lesson));
    });
}

function rebuildThread(context: Context): Command {
  return withState('rebuild-thread')
    .description('build the view of the threads once more from the log, and compare byte by byte')
    .option('--force', 'show the new view even though the log has forgotten what the old one knows')
    .addHelpText(
      'after',
      `
Example:
  $ platform demo rebuild-thread`,
    )
    .action(async (flags: DemoFlags & { readonly force?: boolean }) => {
      const [{ rebuildThread: rebuild }, { rebuiltText }, options] = await Promise.all([
        import('../../actions/demo/rebuild-thread.js'),
        import('../lesson-text.js'),
        withLoadedConfig(context, flags),
      ]);
      const rebuilt = await rebuild({ ...options, force: flags.force ?? false });
      reporterFor(context, flags).result(rebuilt, () => rebuiltText(rebuilt));
      if (!rebuilt.same) context.exitCode = 3;
    });
}

function withState(name: string): Command {
  return withConfig(new Command(name)).option(
    '--state <dir>',
    'state folder (default: .platform/local beside the config)',
  );
}

async function withLoadedConfig(context: Context, flags: DemoFlags) {
  const { loadConfig } = await import('../../actions/load.js');
  return { ...(await localOptions(context, flags)), config: await loadConfig(flags.config, flags.env) };
}
