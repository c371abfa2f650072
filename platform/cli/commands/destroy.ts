import { Command } from 'commander';
import { type Context, reporterFor } from '../context.js';
import { type TargetFlags, withTarget } from '../target.js';

interface DestroyFlags extends TargetFlags {
  readonly delete?: readonly string[];
  readonly confirm?: string;
}

export function destroyCommand(context: Context): Command {
  return withTarget(new Command('destroy'))
    .description('take a platform down, in reverse order; what holds data or trust stays unless it is named')
    .option('--confirm <name>', 'cluster: name of the platform and environment, such as voice-dev')
    .option('--delete <name...>', 'delete this too, which holds data or trust (local: authority, data)')
    .addHelpText(
      'after',
      [
        '',
        'Examples:',
        '  $ platform destroy --target local --delete authority data',
        '  $ platform destroy --env dev --confirm voice-dev',
        '  $ platform destroy --env dev --confirm voice-dev --delete pulsar services',
      ].join('\n'),
    )
    .action(async (flags: DestroyFlags) => {
      const [{ destroy }, { targetOptions }] = await Promise.all([
        import('../../actions/destroy/index.js'),
        import('../target.js'),
      ]);
      const reporter = reporterFor(context, flags);
      const { delete: named = [], confirm } = flags;
      const options = {
        ...(await targetOptions(context, flags)),
        named,
        ...(confirm !== undefined && { confirm }),
      };
      const result = await destroy(options, reporter);
      reporter.result(result, () =>
        result.kept.length === 0
          ? 'nothing is left'
          : `kept, since they hold data or trust; name them with --delete:\n${result.kept.map(it => `  ${it}`).join('\n')}`,
      );
    });
}
