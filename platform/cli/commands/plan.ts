import { Command, Option } from 'commander';
import { type CommonOptions, type Context, reporterFor, withConfig } from '../context.js';

interface PlanCommandOptions extends CommonOptions {
  readonly target: 'local' | 'cluster';
  readonly diagram?: boolean;
  readonly svg?: boolean;
}

export function planCommand(context: Context): Command {
  return withConfig(new Command('plan'))
    .description('show who dials whom, and what follows from it')
    .addOption(
      new Option('-t, --target <target>', 'where it runs').choices(['cluster', 'local']).default('cluster'),
    )
    .option('--diagram', 'print the dial graph as a Mermaid diagram')
    .option('--svg', 'print the dial graph as a picture')
    .addHelpText(
      'after',
      '\nExamples:\n  $ platform plan --env prod\n  $ platform plan --target local --diagram > dials.mmd',
    )
    .action(async (options: PlanCommandOptions) => {
      const [{ planOf, planSvg }, { toMermaid }, { planTables }] = await Promise.all([
        import('../../actions/plan.js'),
        import('../../plan/index.js'),
        import('../plan-tables.js'),
      ]);
      const plan = await planOf(options.config, options.env, options.target);
      const picture = options.svg ? await planSvg(plan) : undefined;
      reporterFor(context, options).result(
        plan,
        () => picture ?? (options.diagram ? toMermaid(plan) : planTables(plan)),
      );
    });
}
