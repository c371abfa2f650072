import { Command } from 'commander';
import { type Context, reporterFor } from '../context.js';
import { type TargetFlags, withTarget } from '../target.js';

export function diffCommand(context: Context): Command {
  return withTarget(new Command('diff'))
    .description('show what apply would change, in every layer; exit 3 when something would')
    .addHelpText(
      'after',
      '\nWhat can not be compared, such as the value of a Secret that can not be decrypted here, is listed with the action unknown;\nit counts as no difference.\n\nExamples:\n  $ platform diff --target local\n  $ platform diff --env prod --context eks-prod --json',
    )
    .action(async (flags: TargetFlags) => {
      const [{ differences, differs }, { differencesText }, { targetOptions }] = await Promise.all([
        import('../../actions/diff/index.js'),
        import('../differences-text.js'),
        import('../target.js'),
      ]);
      const reporter = reporterFor(context, flags);
      const found = await differences(await targetOptions(context, flags), reporter);
      reporter.result(found, () => differencesText(found, context.io.stdout.isTTY === true));
      if (differs(found)) context.exitCode = 3;
    });
}
