import { Command } from 'commander';
import { type CommonOptions, type Context, reporterFor, withConfig } from '../../context.js';
import { whole } from '../../whole.js';
import { seconds } from './flags.js';

interface BudgetFlags extends CommonOptions {
  readonly certificates?: number;
  readonly leafDuration?: number;
  readonly renewBefore?: number;
}

export function budgetCommand(context: Context): Command {
  return withConfig(new Command('budget'))
    .description('what the certificates cost in a month, and which outage of their issuer they survive')
    .option('--certificates <count>', 'another number of certificates than that of the plan', whole)
    .option('--leaf-duration <time>', 'another life than tls.leafDuration', seconds)
    .option('--renew-before <time>', 'another time than tls.renewBefore', seconds)
    .addHelpText(
      'after',
      '\nExample:\n  $ platform certs budget --env prod --leaf-duration 7d --renew-before 56h',
    )
    .action(async (flags: BudgetFlags) => {
      const [{ loadConfig }, { certificateBudget }, { budgetText }] = await Promise.all([
        import('../../../actions/load.js'),
        import('../../../actions/certs/budget.js'),
        import('../../certs-text.js'),
      ]);
      const { certificates, leafDuration, renewBefore } = flags;
      const budget = certificateBudget(await loadConfig(flags.config, flags.env), {
        ...(certificates !== undefined && { certificates }),
        ...(leafDuration !== undefined && { leafSeconds: leafDuration }),
        ...(renewBefore !== undefined && { renewBeforeSeconds: renewBefore }),
      });
      const reporter = reporterFor(context, flags);
      reporter.result(budget, () => budgetText(budget));
      if (!flags.json) reporter.findings(budget.findings);
      if (budget.findings.length > 0) context.exitCode = 3;
    });
}
