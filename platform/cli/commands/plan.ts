import { Command } from 'commander';
import { type CommonOptions, type Context, reporterFor, withConfig } from '../context.js';

interface PlanCommandOptions extends CommonOptions {
  readonly diagram?: boolean;
}

export function planCommand(context: Context): Command {
  return withConfig(new Command('plan'))
    .description('show who dials whom, and what follows from it')
    .option('--diagram', 'print the dial graph as a Mermaid diagram')
    .addHelpText('after', '\nExample:\n  $ platform plan --diagram > dials.mmd')
    .action(async (options: PlanCommandOptions) => {
      const [{ loadConfig }, { makePlan, toMermaid }, { planTables }] = await Promise.all([
        import('../../actions/load.js'),
        import('../../plan/index.js'),
        import('../plan-tables.js'),
      ]);
      const plan = makePlan(await loadConfig(options.config, options.env), { target: 'local' });
      const reporter = reporterFor(context, options);
      reporter.result(plan, () => (options.diagram ? toMermaid(plan) : planTables(plan)));
    });
}
