import { Command } from 'commander';
import { type Context, reporterFor } from '../context.js';
import { type TargetFlags, withTarget } from '../target.js';

interface ApplyFlags extends TargetFlags {
  readonly dryRun?: boolean;
  readonly force?: boolean;
  readonly timeout: string;
}

export function applyCommand(context: Context): Command {
  return withTarget(new Command('apply'))
    .description('bring the platform to what the config says, stage by stage, each healthy before the next')
    .option('--dry-run', 'say what would be done, and do nothing')
    .option('--force', 'take fields back that somebody else has changed')
    .option('--timeout <seconds>', 'how long what is applied together may take until it is healthy', '900')
    .addHelpText(
      'after',
      [
        '',
        'Examples:',
        '  $ platform apply --target local',
        '  $ platform apply --env prod --dry-run',
        '  $ platform apply --env dev --context kind-demo --stage base --stage trust',
      ].join('\n'),
    )
    .action(async (flags: ApplyFlags) => {
      const [{ apply }, { differencesText }, { targetOptions }] = await Promise.all([
        import('../../actions/apply/index.js'),
        import('../differences-text.js'),
        import('../target.js'),
      ]);
      const reporter = reporterFor(context, flags);
      const { dryRun = false, force = false } = flags;
      const timeoutMs = Number(flags.timeout) * 1_000;
      const result = await apply(
        { ...(await targetOptions(context, flags)), dryRun, force, timeoutMs },
        reporter,
      );
      reporter.result(result, () =>
        dryRun
          ? differencesText(result.differences, context.io.stdout.isTTY === true)
          : 'next: platform status, platform verify',
      );
    });
}
