import { Command, Option } from 'commander';
import { type CommonOptions, type Context, withConfig } from '../context.js';
import { localOptions } from './local.js';

interface StatusFlags extends CommonOptions {
  readonly target: 'local' | 'cluster';
  readonly state?: string;
  readonly kubeconfig?: string;
  readonly context?: string;
}

export function statusCommand(context: Context): Command {
  return withConfig(new Command('status'))
    .description('what runs where, how it does, what is wrong and what to do')
    .addOption(new Option('--target <name>', 'what is asked').choices(['local', 'cluster']).default('local'))
    .option(
      '--state <dir>',
      'state folder of the local platform (default: .platform/local beside the config)',
    )
    .option('--kubeconfig <file>', 'of the cluster (default: KUBECONFIG, then ~/.kube/config)')
    .option('--context <name>', 'context of the kubeconfig (default: the current one)')
    .addHelpText(
      'after',
      `
Exit code 0 when all of it is ready, warnings or not; 3 when something is not, or nothing runs.

Examples:
  $ platform status
  $ platform status --target cluster --env prod
  $ platform status --json | jq .subscriptions`,
    )
    .action(async (flags: StatusFlags) => {
      const [{ statusOf }, { statusText }] = await Promise.all([
        import('../../actions/status/status.js'),
        import('../status-text.js'),
      ]);
      const { report } = await localOptions(context, flags);
      const status = statusOf(await factsOf(context, flags), new Date());
      report.result(status, () => statusText(status));
      if (!flags.json) report.findings(status.findings);
      if (!status.healthy) context.exitCode = 3;
    });
}

async function factsOf(context: Context, flags: StatusFlags) {
  const { loadConfig } = await import('../../actions/load.js');
  const config = await loadConfig(flags.config, flags.env);
  if (flags.target === 'local') {
    const { localFacts } = await import('../../actions/status/local.js');
    return localFacts(config, (await localOptions(context, flags)).folder);
  }
  const { clusterFacts } = await import('../../actions/status/cluster.js');
  const { kubeconfig, context: name } = flags;
  return clusterFacts(config, {
    ...(kubeconfig !== undefined && { kubeconfig }),
    ...(name !== undefined && { context: name }),
  });
}
