import { Command } from 'commander';
import { type CommonOptions, type Context, reporterFor } from '../context.js';
import { withCluster } from '../target.js';
import { whole, wholeUpTo } from '../whole.js';

/** A much longer timer would fire at once. */
const WEEK_MINUTES = 7 * 24 * 60;

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
    .option(
      '--timeout <minutes>',
      'how long one may take to hand over its ledgers',
      wholeUpTo(WEEK_MINUTES),
      120,
    )
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
