import { Command, Option } from 'commander';
import { type CommonOptions, type Context, reporterFor, withConfig } from '../context.js';

interface CheckFlags extends CommonOptions {
  readonly values?: string;
  readonly chart?: string;
  readonly objects?: readonly string[];
  readonly templates?: readonly string[];
  readonly cloudformation?: boolean;
  readonly live?: boolean;
  readonly target: 'cluster' | 'local';
  readonly kubeconfig?: string;
  readonly context?: string;
  readonly state?: string;
  readonly sarif?: boolean;
}

export function checkCommand(context: Context): Command {
  return withConfig(new Command('check'))
    .alias('analyze')
    .description('find what cannot work, or is open, before anything is applied')
    .option('--values <file>', "check somebody's own values of the Pulsar chart; needs no platform.yaml")
    .option('--chart <name>', 'the chart of these values (default: pulsar@4.7.0)')
    .option('--objects <file...>', 'check Kubernetes manifests, such as the output of helm template')
    .option('--templates <file...>', 'check CloudFormation templates')
    .option('--cloudformation', "ask CloudFormation's own check too, which takes some seconds")
    .option('--live', 'ask what runs, too: the cluster, its broker and the AWS account, or this machine')
    .addOption(
      new Option('-t, --target <target>', 'what --live asks')
        .choices(['cluster', 'local'])
        .default('cluster'),
    )
    .option('--kubeconfig <file>', 'kubeconfig of --live (default: KUBECONFIG, then ~/.kube/config)')
    .option('--context <name>', 'context of the kubeconfig that --live asks (default: the current one)')
    .option('--state <dir>', 'state folder of the local platform that --live asks')
    .option('--sarif', 'print the findings as SARIF 2.1.0')
    .addHelpText(
      'after',
      `
Without --env the base of the config and every environment are checked; what not all of them have says whose it is,
that of the base by the name (base).
--live without --env asks for the base. Exit code 3 when there is an error; warnings alone are 0. What --live could not ask is a line that says why, and the
exit code is 2 when it could ask nothing at all.

Examples:
  $ platform check
  $ platform check --env prod
  $ platform check --values values.yaml
  $ helm template pulsar apache/pulsar -f values.yaml > all.yaml; platform check --objects all.yaml
  $ platform check --env prod --live
  $ platform check --live --target local
  $ platform check --env prod --sarif > check.sarif`,
    )
    .action(async (flags: CheckFlags) => {
      const [{ check }, { checkText }, { default: pico }] = await Promise.all([
        import('../../actions/check/index.js'),
        import('../check-text.js'),
        import('picocolors'),
      ]);
      const { config, env, values, chart, objects, templates, cloudformation, json, sarif } = flags;
      const reporter = reporterFor(context, { json: json || sarif || false });
      const result = await check(
        {
          config,
          ...(env !== undefined && { env }),
          // What runs is one platform; files are checked as a whole.
          everyEnvironment: !flags.live,
          ...(values !== undefined && { values }),
          ...(chart !== undefined && { chart }),
          ...(objects !== undefined && { objects }),
          ...(templates !== undefined && { templates }),
          ...(cloudformation && { cloudformation }),
          ...(flags.live && { live: liveOptions(context, flags) }),
        },
        reporter,
      );
      const { stdout, env: variables } = context.io;
      const colors = pico.createColors(stdout.isTTY === true && !variables['NO_COLOR']);
      const shown = sarif ? (await import('../sarif.js')).toSarif(result) : result;
      reporter.result(shown, () => checkText(result, colors));
      if (result.findings.some(({ severity }) => severity === 'error')) context.exitCode = 3;
      else if (result.asked?.every(({ notAsked }) => notAsked !== undefined)) context.exitCode = 2;
    });
}

function liveOptions({ io }: Context, { target, kubeconfig, context, state }: CheckFlags) {
  const { env, signal } = io;
  return target === 'local'
    ? { target: 'local' as const, signal, ...(state !== undefined && { state }) }
    : {
        target: 'cluster' as const,
        ...{ env, signal },
        ...(kubeconfig !== undefined && { kubeconfig }),
        ...(context !== undefined && { context }),
      };
}
