import { Command, InvalidArgumentError } from 'commander';
import { type CommonOptions, type Context, reporterFor, withConfig } from '../context.js';

interface CostFlags extends CommonOptions {
  readonly diff?: string;
  readonly usage?: Readonly<Record<string, number>>;
  readonly svg?: boolean;
}

export function costCommand(context: Context): Command {
  return withConfig(new Command('cost'))
    .description('show what a month costs, line by line, and what each switch would save')
    .option('--diff <file>', 'show the change from another config, or from a bill that --json printed')
    .option(
      '--usage <key=number>',
      'how much is used in a month, such as natGiB=200; again for another',
      usage,
    )
    .option('--svg', 'print a picture: one stacked bar for each environment')
    .addHelpText(
      'after',
      `
Examples:
  $ platform cost --env prod
  $ platform cost --env prod --usage natGiB=200 --usage lcu=2
  $ platform cost --env prod --diff before.yaml
  $ platform cost --svg > cost.svg`,
    )
    .action(async (flags: CostFlags) => {
      const [actions, { costText, differenceText }] = await Promise.all([
        import('../../actions/cost.js'),
        import('../cost-text.js'),
      ]);
      const reporter = reporterFor(context, flags);
      const options = {
        config: flags.config,
        env: flags.env,
        usage: actions.checkedUsage(flags.usage ?? {}),
      };
      if (flags.svg) {
        const svg = await actions.costPicture(options);
        reporter.result({ svg }, () => svg);
        return;
      }
      const cost = await actions.costOf(options);
      if (flags.diff === undefined) {
        reporter.result(cost, () => costText(cost));
        return;
      }
      const difference = await actions.costDifference(cost, flags.diff, options);
      reporter.result(difference, () => differenceText(difference));
    });
}

function usage(text: string, before: Readonly<Record<string, number>> = {}): Record<string, number> {
  const [, key, value] = /^([A-Za-z0-9]+)=(\d+(?:\.\d+)?)$/.exec(text) ?? [];
  if (key === undefined) throw new InvalidArgumentError('wanted a key and a number, such as natGiB=200');
  return { ...before, [key]: Number(value) };
}
