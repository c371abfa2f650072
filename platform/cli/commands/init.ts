import { Command, Option } from 'commander';
import { type Context, reporterFor } from '../context.js';
import type { InitFlags } from '../init-questions.js';

export function initCommand(context: Context): Command {
  return new Command('init')
    .description('write a commented platform.yaml, from answers or from an existing values file')
    .option('--name <name>', 'name of the platform')
    .option('--region <region>', 'AWS region')
    .option('--domain <domain>', 'domain of the voice chat')
    .addOption(
      new Option('--survives <loss>', 'the loss after which everything goes on').choices([
        'zone',
        'node',
        'nothing',
      ]),
    )
    .option('--from <file>', 'lift what can be lifted from values of the Pulsar chart')
    .option('-o, --out <file>', 'file to write, or its folder', 'platform.yaml')
    .option('--force', 'replace a file that is there')
    .option('-y, --yes', 'ask nothing; what no flag says has its default')
    .option('--json', 'print the result as JSON')
    .addHelpText(
      'after',
      `
Examples:
  $ platform init
  $ platform init --name voice --region eu-central-1 --domain voice.example.com --survives zone
  $ platform init --from values.yaml --name voice --region eu-central-1 --domain voice.example.com --yes`,
    )
    .action(async (flags: InitFlags) => {
      const [{ init }, { answersOf }, { initText }] = await Promise.all([
        import('../../actions/init/index.js'),
        import('../init-questions.js'),
        import('../init-text.js'),
      ]);
      const reporter = reporterFor(context, flags);
      const { out, from, force } = flags;
      const answers = await answersOf(flags, context.io);
      const result = await init(
        { ...answers, out, ...(force && { force }), ...(from !== undefined && { from }) },
        reporter,
      );
      reporter.result(result, () => initText(result));
      if (!flags.json) reporter.findings(result.findings);
      if (result.findings.some(({ severity }) => severity === 'error')) context.exitCode = 3;
    });
}
