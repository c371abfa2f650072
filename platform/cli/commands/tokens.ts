import { Command } from 'commander';
import { type Context, reporterFor } from '../context.js';
import { type PlatformFlags, placeOf, withPlatform } from '../target.js';
import { wholeUpTo } from '../whole.js';
import { localOptions } from './local.js';

interface TokensFlags extends PlatformFlags {
  readonly ignoreGates?: boolean;
  readonly days?: number;
  readonly out?: string;
  readonly print?: boolean;
  readonly force?: boolean;
}

export function tokensCommand(context: Context): Command {
  return new Command('tokens')
    .description('tokens of Pulsar roles, and the keys that sign them')
    .addCommand(list(context))
    .addCommand(issue(context))
    .addCommand(rotate(context))
    .addCommand(revoke(context));
}

function list(context: Context): Command {
  return verb('list', 'platform tokens list', 'platform tokens list --target cluster --env prod')
    .description('show which keys are accepted, and who has which token; never a value')
    .action(async (flags: TokensFlags) => {
      const { tokensText } = await import('../tokens-text.js');
      const { list: listed, report } = await tokensOf(context, flags);
      const found = await listed();
      report.result(found, () => tokensText(found));
    });
}

function issue(context: Context): Command {
  return verb('issue', 'platform tokens issue traffic --days 7 --out traffic.jwt')
    .description('a further token of a role of the plan')
    .argument('<role>')
    .option('--days <number>', 'days that it is valid (default: 30)', wholeUpTo(3650))
    .option('--out <file>', 'write it there, readable by you alone')
    .option('--force', 'replace a file that is there')
    .option('--print', 'print it')
    .action(async (role: string, flags: TokensFlags, command: Command) => {
      if ((flags.out === undefined) === (flags.print === undefined))
        command.error('error: say where it goes: --out FILE, or --print');
      const { days = 30, out } = flags;
      const { issue: issued, report } = await tokensOf(context, flags);
      const { token, ...rest } = await issued({
        ...{ role, days, force: flags.force ?? false },
        ...(out !== undefined && { out }),
      });
      const result = { ...rest, ...(out === undefined ? { token } : { file: out }) };
      report.result(result, () => (out === undefined ? token : `${out}: ${role}, ${days} days`));
    });
}

function rotate(context: Context): Command {
  return verb('rotate', 'platform tokens rotate', 'platform tokens rotate --target cluster --env prod')
    .description(
      'sign by a new key; tokens of the old one stay good until it is revoked (in a cluster with pulsar.tokenKeys: two)',
    )
    .action(async (flags: TokensFlags) => {
      const { rotatedText } = await import('../tokens-text.js');
      const { rotate: rotated, report } = await tokensOf(context, flags);
      const result = await rotated();
      report.result(result, () => rotatedText(result, placeOf(flags)));
    });
}

function revoke(context: Context): Command {
  return verb(
    'revoke',
    'platform tokens revoke 3Fk9aQ',
    'platform tokens revoke 3Fk9aQ --target cluster --env prod',
  )
    .description(
      'refuse every token that a key has signed; brokers are restarted, and in a cluster with one key another takes over',
    )
    .option('--ignore-gates', 'cluster: restart brokers though Pulsar is not well')
    .argument('<key>', 'id of the key, or its beginning')
    .action(async (key: string, flags: TokensFlags) => {
      const { revoke: revoked, report } = await tokensOf(context, flags);
      const result = await revoked(key);
      report.result(result, () => `revoked: ${result.revoked}`);
    });
}

function verb(name: string, ...examples: readonly string[]): Command {
  return withPlatform(new Command(name), 'local').addHelpText(
    'after',
    ['', 'Examples:', ...examples.map(it => `  $ ${it}`)].join('\n'),
  );
}

/** The same four things on either target. */
async function tokensOf(context: Context, flags: TokensFlags) {
  const { loadConfig } = await import('../../actions/load.js');
  const config = await loadConfig(flags.config, flags.env);
  type Issue = {
    readonly role: string;
    readonly days: number;
    readonly out?: string;
    readonly force: boolean;
  };
  if (flags.target === 'local') {
    const local = await import('../../actions/tokens/index.js');
    const options = { ...(await localOptions(context, flags)), config };
    return {
      report: options.report,
      list: () => local.listTokens(options),
      issue: (what: Issue) => local.issueRoleToken({ ...options, ...what }),
      rotate: () => local.rotateTokens(options),
      revoke: (key: string) => local.revokeKey({ ...options, key }),
    };
  }
  const cluster = await import('../../actions/tokens/cluster.js');
  const { kubeconfig, context: name, ignoreGates = false } = flags;
  const options = {
    ...{
      config,
      file: flags.config,
      ignoreGates,
      report: reporterFor(context, flags),
      signal: context.io.signal,
    },
    ...(kubeconfig !== undefined && { kubeconfig }),
    ...(name !== undefined && { context: name }),
  };
  return {
    report: options.report,
    list: () => cluster.listClusterTokens(options),
    issue: (what: Issue) => cluster.issueClusterToken({ config, file: flags.config, ...what }),
    rotate: () => cluster.rotateClusterKey(options),
    revoke: (key: string) => cluster.exchangeClusterKey({ ...options, key }),
  };
}
