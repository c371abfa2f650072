import { Command, InvalidArgumentError } from 'commander';
import { type CommonOptions, type Context, reporterFor } from '../context.js';
import { withCluster } from '../target.js';

interface ScaleFlags extends CommonOptions {
  readonly timeout: number;
  readonly kubeconfig?: string;
  readonly context?: string;
}

export function scaleCommand(context: Context): Command {
  return new Command('scale').description('fewer bookies, and no message lost').addCommand(bookies(context));
}

function bookies(context: Context): Command {
  return withCluster(new Command('bookies'))
    .description(
      'let bookies leave one after the other, each after its ledgers are elsewhere; goes on where it was killed',
    )
    .argument('<number>', 'how many remain', whole)
    .option('--timeout <minutes>', 'how long one may take to hand over its ledgers', whole, 120)
    .addHelpText(
      'after',
      '\nThe disks stay.\n\nExample:\n  $ platform scale bookies 4 --env prod --timeout 240',
    )
    .action(async (to: number, flags: ScaleFlags) => {
      const [{ loadConfig }, { scaleClusterBookies }] = await Promise.all([
        import('../../actions/load.js'),
        import('../../actions/scale/index.js'),
      ]);
      const { kubeconfig, context: name } = flags;
      const report = reporterFor(context, flags);
      const result = await scaleClusterBookies(await loadConfig(flags.config, flags.env), {
        to,
        timeoutMs: flags.timeout * 60_000,
        report,
        signal: context.io.signal,
        ...(kubeconfig !== undefined && { kubeconfig }),
        ...(name !== undefined && { context: name }),
      });
      report.result(
        result,
        () => `${result.replicas} bookies; put pulsar.bookies.replicas: ${result.replicas} into the config`,
      );
    });
}

function whole(text: string): number {
  const number = Number(text);
  if (Number.isInteger(number) && number > 0) return number;
  throw new InvalidArgumentError('wanted a whole number above 0');
}
