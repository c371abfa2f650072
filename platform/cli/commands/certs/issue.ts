import { Command, Option } from 'commander';
import type { CertificateRequest } from '../../../plan/index.js';
import { type CommonOptions, type Context, reporterFor, withConfig } from '../../context.js';
import { localOptions } from '../local.js';
import { seconds } from './flags.js';

interface IssueFlags extends CommonOptions {
  readonly dns?: readonly string[];
  readonly usage: CertificateRequest['usages'];
  readonly duration?: number;
  readonly out?: string;
  readonly arn?: string;
  readonly state?: string;
}

export function issueCommand(context: Context): Command {
  return withConfig(new Command('issue'))
    .description('issue a certificate for a client that the plan does not know')
    .argument('<name>', 'its common name')
    .option('--dns <name...>', 'host names, when it is dialled')
    .addOption(
      new Option('--usage <usage...>', 'what it is for')
        .choices(['server auth', 'client auth'])
        .default(['client auth']),
    )
    .option('--duration <time>', 'how long it is valid (default: tls.leafDuration)', seconds)
    .option('--out <dir>', 'folder for tls.crt, tls.key and ca.crt (default: the name)')
    .option('--arn <arn>', 'the AWS Private CA that issues (default: that of the local platform)')
    .option('--state <dir>', 'state folder (default: .platform/local beside the config)')
    .addHelpText('after', '\nExample:\n  $ platform certs issue billing --out ./billing-client')
    .action(async (name: string, flags: IssueFlags) => {
      const [{ loadConfig }, { issueCertificate }, { toSeconds }] = await Promise.all([
        import('../../../actions/load.js'),
        import('../../../actions/certs/issue.js'),
        import('../../../config/index.js'),
      ]);
      const { tls } = await loadConfig(flags.config, flags.env);
      const { folder } = await localOptions(context, flags);
      const files = await issueCertificate({
        request: {
          commonName: name,
          dnsNames: flags.dns ?? [],
          usages: flags.usage,
          algorithm: tls.algorithm,
          durationSeconds: flags.duration ?? toSeconds(tls.leafDuration),
        },
        out: flags.out ?? name,
        folder,
        ...(flags.arn !== undefined && { arn: flags.arn }),
      });
      reporterFor(context, flags).result(files, () => Object.values(files).join('\n'));
    });
}
