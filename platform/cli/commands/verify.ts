import { Command, Option } from 'commander';
import { type CommonOptions, type Context, reporterFor, withConfig } from '../context.js';
import { localOptions } from './local.js';

const GROUPS = ['dials', 'refusals', 'tokens', 'grants', 'entrances', 'speech'] as const;
const ISSUE_TIMEOUT_MS = 120_000;

interface VerifyFlags extends CommonOptions {
  readonly target: 'local' | 'cluster';
  readonly state?: string;
  readonly only?: readonly (typeof GROUPS)[number][];
  readonly all?: boolean;
  readonly kubeconfig?: string;
  readonly context?: string;
}

export function verifyCommand(context: Context): Command {
  return withConfig(new Command('verify'))
    .description('prove by real handshakes and messages that what runs is what the plan describes')
    .addOption(
      new Option('--target <name>', 'what is verified').choices(['local', 'cluster']).default('local'),
    )
    .addOption(new Option('--only <group...>', 'only some of the checks').choices(GROUPS))
    .option('--all', 'print every check, not only what failed')
    .option(
      '--state <dir>',
      'state folder of the local platform (default: .platform/local beside the config)',
    )
    .option('--kubeconfig <file>', 'of the cluster (default: KUBECONFIG, then ~/.kube/config)')
    .option('--context <name>', 'context of the kubeconfig (default: the current one)')
    .addHelpText(
      'after',
      `
Exit code 3 when a dial fails, or something that must be refused is not.
Of a cluster the API server alone is asked: its issuer has to issue a certificate that verifies.

Examples:
  $ platform verify
  $ platform verify --all --only dials refusals
  $ platform verify --json | jq '.checks[] | select(.result == "failed")'
  $ platform verify --target cluster --env prod`,
    )
    .action((flags: VerifyFlags) =>
      flags.target === 'cluster' ? verifyCluster(context, flags) : verifyLocal(context, flags),
    );
}

async function verifyLocal(context: Context, flags: VerifyFlags): Promise<void> {
  const [{ loadConfig }, { verify }, { localSubject }, { verificationText }] = await Promise.all([
    import('../../actions/load.js'),
    import('../../actions/verify/index.js'),
    import('../../actions/verify/local.js'),
    import('../verify-text.js'),
  ]);
  const { folder, report, signal } = await localOptions(context, flags);
  const config = await loadConfig(flags.config, flags.env);
  const subject = await localSubject(config, folder, { env: context.io.env, signal });
  try {
    const { only } = flags;
    const verification = await verify(subject, { report, signal, ...(only && { only }) });
    report.result(verification, () => verificationText(verification, flags.all ?? false));
    if (!flags.json) report.findings(verification.findings);
    if (verification.failed > 0) context.exitCode = 3;
  } finally {
    await subject.admin.close();
  }
}

async function verifyCluster(context: Context, flags: VerifyFlags): Promise<void> {
  const [{ loadConfig }, { verifyIssuer }] = await Promise.all([
    import('../../actions/load.js'),
    import('../../actions/verify/cluster.js'),
  ]);
  const { kubeconfig, context: name } = flags;
  const report = reporterFor(context, flags);
  const probe = await verifyIssuer(await loadConfig(flags.config, flags.env), {
    ...(kubeconfig !== undefined && { kubeconfig }),
    ...(name !== undefined && { context: name }),
    timeoutMs: ISSUE_TIMEOUT_MS,
    report,
    signal: context.io.signal,
  });
  report.result(
    probe,
    () =>
      `a probe certificate was issued in ${probe.seconds} s by ${probe.issuer}, and verifies; it is removed`,
  );
}
