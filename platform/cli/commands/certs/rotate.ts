import { Command, Option } from 'commander';
import { type CommonOptions, type Context, reporterFor, withConfig } from '../../context.js';
import { localOptions } from '../local.js';
import { seconds } from './flags.js';

interface RotateFlags extends CommonOptions {
  readonly target: 'local' | 'cluster';
  readonly kubeconfig?: string;
  readonly context?: string;
  readonly state?: string;
  readonly settle?: number;
  readonly plan?: boolean;
  readonly abort?: boolean;
  readonly nextArn?: string;
  readonly nextRoot?: string;
}

export function rotateCommand(context: Context): Command {
  return rotation('rotate')
    .description('new certificates with new keys, while everything runs')
    .addHelpText(
      'after',
      '\nExamples:\n  $ platform certs rotate\n  $ platform certs rotate broker proxy --target cluster --env prod',
    )
    .argument('[workload...]', 'broker, store, transcriber, … (default: all)')
    .action(async (workloads: readonly string[], flags: RotateFlags) => {
      const { rotateLeaves } = await rotationOf(context, flags);
      const rotated = await rotateLeaves(workloads.length > 0 ? workloads : undefined);
      reporterFor(context, flags).result({ rotated }, () => `renewed: ${rotated.join(', ')}`);
    });
}

export function rotateAuthorityCommand(context: Context): Command {
  return rotation('rotate-ca')
    .description('replace the certificate authority, while everything runs; goes on where it was interrupted')
    .addHelpText(
      'after',
      [
        '',
        'Examples:',
        '  $ platform certs rotate-ca --plan',
        '  $ platform certs rotate-ca --target cluster --env dev',
        '  $ platform certs rotate-ca --target cluster --env prod --next-arn ARN --next-root new-root.pem',
      ].join('\n'),
    )
    .option('--plan', 'print the steps and when they come, and change nothing')
    .option('--abort', 'take back what was done, as long as the old authority issues')
    .option('--next-arn <arn>', 'cluster: the private CA of AWS that takes over')
    .option('--next-root <file>', 'cluster: its root, PEM')
    .action(async (flags: RotateFlags, command: Command) => {
      if ((flags.nextArn === undefined) !== (flags.nextRoot === undefined))
        command.error('error: say which private CA takes over with both: --next-arn ARN --next-root FILE');
      if (flags.nextArn !== undefined && flags.target === 'local')
        command.error('error: --next-arn is of a cluster: add --target cluster');
      const { plan, abort, rotate } = await rotationOf(context, flags);
      const reporter = reporterFor(context, flags);
      if (flags.plan) {
        const { rotationPlanText } = await import('../../certs-text.js');
        const steps = await plan();
        reporter.result(steps, () => rotationPlanText(steps));
        return;
      }
      const outcome = await (flags.abort ? abort() : rotate());
      reporter.result({ outcome }, () => outcome);
    });
}

function rotation(name: string): Command {
  return withConfig(new Command(name))
    .addOption(
      new Option('-t, --target <where>', 'this machine, or a Kubernetes cluster')
        .choices(['local', 'cluster'])
        .default('local'),
    )
    .option(
      '--settle <time>',
      'how long after a change the slowest process uses it (10s; cluster: 400s)',
      seconds,
    )
    .option('--state <dir>', 'local: state folder (default: .platform/local beside the config)')
    .option('--kubeconfig <file>', 'cluster: kubeconfig (default: KUBECONFIG, then ~/.kube/config)')
    .option(
      '--context <name>',
      'cluster: context of the kubeconfig; naming one says that its cluster is meant',
    );
}

/** The same four things on either target. */
async function rotationOf(context: Context, flags: RotateFlags) {
  const { loadConfig } = await import('../../../actions/load.js');
  const config = await loadConfig(flags.config, flags.env);
  const settle = flags.settle === undefined ? {} : { settleSeconds: flags.settle };
  if (flags.target === 'local') {
    const local = await import('../../../actions/certs/rotation.js');
    const options = { ...(await localOptions(context, flags)), config, ...settle };
    return {
      rotateLeaves: (workloads?: readonly string[]) =>
        local.rotateLocalLeaves({ ...options, ...(workloads && { workloads }) }),
      rotate: () => local.rotateLocalAuthority(options),
      abort: () => local.abortLocalRotation(options),
      plan: () => local.planLocalRotation(options),
    };
  }
  const cluster = await import('../../../actions/certs/cluster/index.js');
  const { kubeconfig, context: name, nextArn, nextRoot } = flags;
  const options = {
    ...{ config, report: reporterFor(context, flags), signal: context.io.signal, ...settle },
    ...(kubeconfig !== undefined && { kubeconfig }),
    ...(name !== undefined && { context: name }),
    ...(nextArn !== undefined && nextRoot !== undefined && { next: { arn: nextArn, rootFile: nextRoot } }),
  };
  return {
    rotateLeaves: (workloads?: readonly string[]) =>
      cluster.rotateClusterLeaves({ ...options, ...(workloads && { workloads }) }),
    rotate: () => cluster.rotateClusterAuthority(options),
    abort: () => cluster.abortClusterRotation(options),
    plan: () => cluster.planClusterRotation(options),
  };
}
