import path from 'node:path';
import { Command } from 'commander';
import { type CommonOptions, type Context, withConfig } from '../context.js';
import { localOptions } from './local.js';

interface BundleFlags extends CommonOptions {
  readonly state?: string;
  readonly out?: string;
}

export function supportBundleCommand(context: Context): Command {
  return withConfig(new Command('support-bundle'))
    .description(
      'one file for whoever helps: config, status, this machine, the ends of the logs; secrets taken out',
    )
    .option('--out <file>', 'where it goes (default: support-DATE.tar.gz)')
    .option(
      '--state <dir>',
      'state folder of the local platform (default: .platform/local beside the config)',
    )
    .addHelpText('after', '\nExample:\n  $ platform support-bundle --out support.tar.gz')
    .action(async (flags: BundleFlags) => {
      const { collectBundle } = await import('../../actions/support/index.js');
      const { folder, report, signal } = await localOptions(context, flags);
      const { cwd, env } = context.io;
      const date = new Date().toISOString().slice(0, 19).replaceAll(':', '-');
      const bundle = await collectBundle({
        folder,
        signal,
        env,
        config: path.resolve(cwd, flags.config),
        ...(flags.env !== undefined && { environment: flags.env }),
        out: path.resolve(cwd, flags.out ?? `support-${date}.tar.gz`),
      });
      report.result(
        bundle,
        () =>
          `${bundle.file}: ${bundle.files.length} files, ${Math.ceil(bundle.bytes / 1024)} KiB, secrets taken out`,
      );
    });
}
