import { Command } from 'commander';
import { type CommonOptions, type Context, reporterFor, withConfig } from '../context.js';

interface SynthFlags extends CommonOptions {
  readonly out: string;
  readonly validate: boolean;
}

export function synthCommand(context: Context): Command {
  return withConfig(new Command('synth'))
    .description('write everything that the config makes')
    .option('-o, --out <dir>', 'folder to write into', 'out')
    .option('--no-validate', "skip CloudFormation's own check of the templates, which takes some seconds")
    .addHelpText(
      'after',
      '\nWithout --env the base of the config is written. Exit code 3 when a rule of `platform check` finds an error,\nCloudFormation would refuse a template, or another environment of the config has a mistake.\n\nExamples:\n  $ platform synth --env prod --out out/prod\n  $ aws cloudformation deploy --template-file out/prod/aws/network.template.json --stack-name voice-prod-network',
    )
    .action(async ({ config, env, out, validate, json }: SynthFlags) => {
      const [{ synth }, { table }] = await Promise.all([
        import('../../actions/synth/index.js'),
        import('../table.js'),
      ]);
      const reporter = reporterFor(context, { json });
      const result = await synth({ config, env, out, validate, signal: context.io.signal }, reporter);
      reporter.result(result, () =>
        [
          table(
            ['template', 'stack', 'needs'],
            result.aws.map(({ file, stackName, needs }) => [file, stackName, needs.join(' ') || '-']),
          ),
          table(
            ['values', 'chart', 'version', 'namespace'],
            result.releases.map(({ file, chart, version, namespace }) => [file, chart, version, namespace]),
          ),
          table(
            ['manifests'],
            result.kubernetes.map(file => [file]),
          ),
        ].join('\n'),
      );
      if (!json) reporter.findings(result.findings);
      if (result.findings.some(({ severity }) => severity === 'error')) context.exitCode = 3;
    });
}
