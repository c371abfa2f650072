import { Command } from 'commander';
import { type Context, reporterFor } from '../context.js';
import { type TargetFlags, withTarget } from '../target.js';
import { whole, wholeUpTo } from '../whole.js';

/** A much longer timer would fire at once. */
const WEEK_SECONDS = 7 * 86_400;

interface ApplyFlags extends TargetFlags {
  readonly dryRun?: boolean;
  readonly force?: boolean;
  readonly verify: boolean;
  readonly ignoreGates?: boolean;
  readonly maxBacklog?: number;
  readonly replace: readonly string[];
  readonly timeout: number;
}

export function applyCommand(context: Context): Command {
  return withTarget(new Command('apply'))
    .description('bring the platform to what the config says, stage by stage, each healthy before the next')
    .option('--dry-run', 'say what would be done, and do nothing')
    .option('--force', 'take fields back that somebody else has changed')
    .option('--no-verify', 'do not have the issuer prove itself at the end')
    .option('--ignore-gates', 'go on though Pulsar is not well: for the change that mends it')
    .option(
      '--max-backlog <messages>',
      'that may wait on a topic before pods are restarted (default: 100000)',
      whole,
    )
    .option(
      '--replace <stack/resource>',
      'replace this in AWS although it holds data or trust (repeatable)',
      (name: string, names: readonly string[]) => [...names, name],
      [],
    )
    .option(
      '--timeout <seconds>',
      'how long what is applied together may take until it is healthy',
      wholeUpTo(WEEK_SECONDS),
      900,
    )
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
      const { dryRun = false, force = false, ignoreGates = false, maxBacklog, replace } = flags;
      const timeoutMs = flags.timeout * 1_000;
      const result = await apply(
        {
          ...(await targetOptions(context, flags)),
          ...{ dryRun, force, ignoreGates, timeoutMs, replace, verify: flags.verify },
          ...(maxBacklog !== undefined && { maxBacklog }),
        },
        reporter,
      );
      reporter.result(result, () =>
        dryRun
          ? differencesText(result.differences, context.io.stdout.isTTY === true)
          : 'next: platform status, platform verify',
      );
    });
}
