import { Command, Option } from 'commander';
import type { InspectOptions } from '../../../actions/certs/inspect.js';
import { type Context, reporterFor } from '../../context.js';
import { seconds } from './flags.js';

interface InspectFlags {
  readonly trust?: string;
  readonly cert?: string;
  readonly key?: string;
  readonly name?: readonly string[];
  readonly usage?: InspectOptions['usages'];
  readonly protocol?: string;
  readonly mode?: InspectOptions['mode'];
  readonly expiresWithin?: number;
  readonly kubeconfig?: string;
  readonly context?: string;
  readonly json?: boolean;
}

export function inspectCommand(context: Context): Command {
  return new Command('inspect')
    .description('show a chain of certificates and what is wrong with it')
    .argument(
      '<target>',
      'a file (PEM, DER, a Secret, a signing request; - is standard input), a folder with tls.crt, host:port, or secret/NAMESPACE/NAME',
    )
    .option('--trust <file>', 'the roots that its diallers trust, PEM')
    .option('--cert <file>', 'dial the endpoint with this client certificate too, PEM')
    .option('--key <file>', 'the private key of --cert, or the one that should belong to the leaf, PEM')
    .option('--name <host...>', 'names under which it is dialled (default: the host)')
    .addOption(
      new Option('--usage <usage...>', 'what it is used for').choices(['server auth', 'client auth']),
    )
    .option('--protocol <name>', 'how to dial: tls, bookkeeper+tls, … (default: by scheme or port)')
    .addOption(new Option('--mode <mode>', 'mode of its private CA').choices(['short-lived', 'general']))
    .option('--expires-within <time>', 'fail when it ends within this time, such as 36h or 14d', seconds)
    .option('--kubeconfig <file>', 'of a Secret: kubeconfig (default: KUBECONFIG, then ~/.kube/config)')
    .option('--context <name>', 'of a Secret: context of the kubeconfig (default: the current one)')
    .option('--json', 'print the result as JSON')
    .addHelpText(
      'after',
      `
Examples:
  $ platform certs inspect broker.pem --trust root.pem --name broker.pulsar.svc
  $ platform certs inspect pulsar+ssl://localhost:6651 --trust root.pem
  $ platform certs inspect bookie-0:3181
  $ platform certs inspect secret/pulsar/pulsar-tls-broker --expires-within 14d
  $ kubectl get secret pulsar-tls-broker -o json | platform certs inspect -`,
    )
    .action(async (target: string, flags: InspectFlags) => {
      const [{ inspectTarget }, { inspectionText }] = await Promise.all([
        import('../../../actions/certs/inspect.js'),
        import('../../certs-text.js'),
      ]);
      const { trust, cert, key, name, usage, protocol, mode, expiresWithin, kubeconfig } = flags;
      const result = await inspectTarget(
        {
          target,
          cluster: {
            ...(kubeconfig !== undefined && { kubeconfig }),
            ...(flags.context !== undefined && { context: flags.context }),
          },
          ...(trust !== undefined && { trust }),
          ...(cert !== undefined && { certificate: cert }),
          ...(key !== undefined && { key }),
          ...(name && { names: name }),
          ...(usage && { usages: usage }),
          ...(protocol !== undefined && { protocol }),
          ...(mode && { mode }),
          ...(expiresWithin !== undefined && { expiresWithinSeconds: expiresWithin }),
        },
        context.io.signal,
      );
      const reporter = reporterFor(context, flags);
      reporter.result(result, () => inspectionText(result));
      if (!flags.json) reporter.findings(result.findings);
      if (result.findings.some(({ severity }) => severity === 'error')) context.exitCode = 3;
    });
}
