import { Argument, Command } from 'commander';
import { type Context, reporterFor } from '../context.js';

interface ExplainFlags {
  readonly all?: boolean;
  readonly json?: boolean;
}

export function explainCommand(context: Context): Command {
  return new Command('explain')
    .description('explain a code: what happens to people who have it, why, and the fix')
    .addArgument(new Argument('[code]', 'a code, as a finding or an error names it'))
    .option('--all', 'list every code')
    .option('--json', 'print the result as JSON')
    .addHelpText(
      'after',
      '\nExamples:\n  $ platform explain WebSocketUnauthorized\n  $ platform explain --all --json',
    )
    .action(async (code: string | undefined, flags: ExplainFlags) => {
      const [{ explain, explainAll }, { codesText, explainText }] = await Promise.all([
        import('../../actions/explain.js'),
        import('../explain-text.js'),
      ]);
      const reporter = reporterFor(context, flags);
      if (code === undefined || flags.all) {
        const pages = explainAll();
        reporter.result(pages, () => codesText(pages));
        return;
      }
      const page = explain(code);
      reporter.result(page, () => explainText(page));
    });
}
