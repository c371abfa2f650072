import { Command } from 'commander';
import { type CommonOptions, type Context, reporterFor, withConfig } from '../../context.js';
import { localOptions } from '../local.js';
import { seconds } from './flags.js';

interface RotateFlags extends CommonOptions {
  readonly state?: string;
  readonly settle?: number;
  readonly plan?: boolean;
  readonly abort?: boolean;
}

export function rotateCommand(context: Context): Command {
  return rotation('rotate')
    .description('new certificates with new keys, while everything runs')
    .addHelpText('after', '\nExample:\n  $ platform certs rotate')
    .argument('[workload...]', 'broker, store, transcriber, … (default: all)')
    .action(async (workloads: readonly string[], flags: RotateFlags) => {
      const { rotateLocalLeaves } = await import('../../../actions/certs/rotation.js');
      const options = await rotationOptions(context, flags);
      const rotated = await rotateLocalLeaves({ ...options, ...(workloads.length > 0 && { workloads }) });
      reporterFor(context, flags).result({ rotated }, () => `renewed: ${rotated.join(', ')}`);
    });
}

export function rotateAuthorityCommand(context: Context): Command {
  return rotation('rotate-ca')
    .description('replace the certificate authority, while everything runs; goes on where it was interrupted')
    .addHelpText('after', '\nExample:\n  $ platform certs rotate-ca')
    .option('--plan', 'print the steps and when they come, and change nothing')
    .option('--abort', 'take back what was done, as long as the old authority issues')
    .option('--settle <time>', 'how long after a change the slowest process uses it (default: 10s)', seconds)
    .action(async (flags: RotateFlags) => {
      const [rotations, { rotationPlanText }] = await Promise.all([
        import('../../../actions/certs/rotation.js'),
        import('../../certs-text.js'),
      ]);
      const options = await rotationOptions(context, flags);
      const reporter = reporterFor(context, flags);
      if (flags.plan) {
        const steps = await rotations.planLocalRotation(options);
        reporter.result(steps, () => rotationPlanText(steps));
        return;
      }
      const outcome = await (flags.abort
        ? rotations.abortLocalRotation(options)
        : rotations.rotateLocalAuthority(options));
      reporter.result({ outcome }, () => outcome);
    });
}

function rotation(name: string): Command {
  return withConfig(new Command(name)).option(
    '--state <dir>',
    'state folder (default: .platform/local beside the config)',
  );
}

async function rotationOptions(context: Context, flags: RotateFlags) {
  const { loadConfig } = await import('../../../actions/load.js');
  const config = await loadConfig(flags.config, flags.env);
  const local = await localOptions(context, flags);
  return { ...local, config, ...(flags.settle !== undefined && { settleSeconds: flags.settle }) };
}
