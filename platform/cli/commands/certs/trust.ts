import { Command, Option } from 'commander';
import type { TrustOptions } from '../../../actions/certs/trust.js';
import { type Context, configOption, reporterFor } from '../../context.js';

interface TrustFlags {
  readonly for: TrustOptions['client'];
  readonly trust?: string;
  readonly out: string;
  readonly config: string;
  readonly state?: string;
  readonly json?: boolean;
}

export function trustCommand(context: Context): Command {
  return new Command('trust').description('whom to trust').addCommand(exportCommand(context));
}

function exportCommand(context: Context): Command {
  return new Command('export')
    .description('write the roots for a client, with the exact lines to use them')
    .addOption(
      new Option('--for <client>', 'who shall trust them')
        .choices(['node', 'java', 'python', 'curl', 'pulsar-client'])
        .makeOptionMandatory(),
    )
    .option('--trust <file>', 'the roots, PEM (default: those of the local platform)')
    .option('--out <file>', 'PEM file to write; Java gets a .p12 of that name', 'platform-trust.pem')
    .addOption(configOption())
    .option('--state <dir>', 'state folder (default: .platform/local beside the config)')
    .option('--json', 'print the result as JSON')
    .addHelpText('after', '\nExample:\n  $ platform certs trust export --for java --trust root.pem')
    .action(async (flags: TrustFlags) => {
      const { localRoots, writeTrust } = await import('../../../actions/certs/trust.js');
      const roots = flags.trust ?? (await localRoots(context.io.cwd, flags.config, flags.state));
      const written = await writeTrust({ client: flags.for, roots, out: flags.out });
      const reporter = reporterFor(context, flags);
      for (const file of written.files) reporter.generate('trust', `${file} (${written.roots.length} roots)`);
      reporter.result(written, () => written.lines.join('\n'));
    });
}
