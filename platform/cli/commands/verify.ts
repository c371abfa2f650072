import { Command, Option } from 'commander';
import { type Context, reporterFor } from '../context.js';
import { type PlatformFlags, withPlatform } from '../target.js';
import { localOptions } from './local.js';

const GROUPS = [
  'issuer',
  'certificates',
  'dials',
  'refusals',
  'tokens',
  'grants',
  'entrances',
  'speech',
] as const;
const ISSUE_TIMEOUT_MS = 120_000;

interface VerifyFlags extends PlatformFlags {
  readonly only?: readonly (typeof GROUPS)[number][];
  readonly all?: boolean;
}

export function verifyCommand(context: Context): Command {
  return withPlatform(new Command('verify'), 'local')
    .description('prove by real handshakes and messages that what runs is what the plan describes')
    .addOption(new Option('--only <group...>', 'only some of the checks').choices(GROUPS))
    .option('--all', 'print every check, not only what failed')
    .addHelpText(
      'after',
      `
Exit code 3 when a dial fails, or something that must be refused is not.
In a cluster the issuer has to issue a certificate that verifies, and everything is dialled through the API server
(kubectl port-forward), entrances by their public names. What can't be tried from here is a row that says why.

Examples:
  $ platform verify
  $ platform verify --all --only dials refusals
  $ platform verify --json | jq '.checks[] | select(.result == "failed")'
  $ platform verify --target cluster --env prod
  $ platform verify --target cluster --env prod --only issuer`,
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
  const [{ loadConfig }, { verifyCluster: verify }, { verificationText }] = await Promise.all([
    import('../../actions/load.js'),
    import('../../actions/verify/cluster.js'),
    import('../verify-text.js'),
  ]);
  const { kubeconfig, context: name, only } = flags;
  const report = reporterFor(context, flags);
  const verification = await verify(await loadConfig(flags.config, flags.env), {
    ...(kubeconfig !== undefined && { kubeconfig }),
    ...(name !== undefined && { context: name }),
    ...(only && { only }),
    ...{ timeoutMs: ISSUE_TIMEOUT_MS, report, signal: context.io.signal },
  });
  report.result(verification, () => verificationText(verification, flags.all ?? false));
  if (!flags.json) report.findings(verification.findings);
  if (verification.failed > 0) context.exitCode = 3;
}
