import { Command, InvalidArgumentError } from 'commander';
import { type CommonOptions, type Context, withConfig } from '../context.js';
import { localOptions } from './local.js';

interface TokensFlags extends CommonOptions {
  readonly state?: string;
  readonly days?: number;
  readonly out?: string;
  readonly print?: boolean;
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
  return verb('list', 'platform tokens list')
    .description('show which keys are accepted, and who has which token; never a value')
    .action(async (flags: TokensFlags) => {
      const [{ listTokens }, { tokensText }] = await Promise.all([
        import('../../actions/tokens/index.js'),
        import('../tokens-text.js'),
      ]);
      const options = await tokensOptions(context, flags);
      const found = await listTokens(options);
      options.report.result(found, () => tokensText(found));
    });
}

function issue(context: Context): Command {
  return verb('issue', 'platform tokens issue traffic --days 7 --out traffic.jwt')
    .description('a further token of a role of the plan')
    .argument('<role>')
    .option('--days <number>', 'days that it is valid (default: 30)', whole)
    .option('--out <file>', 'write it there, readable by you alone')
    .option('--print', 'print it')
    .action(async (role: string, flags: TokensFlags, command: Command) => {
      if ((flags.out === undefined) === (flags.print === undefined))
        command.error('error: say where it goes: --out FILE, or --print');
      const { issueRoleToken } = await import('../../actions/tokens/index.js');
      const options = await tokensOptions(context, flags);
      const { days = 30, out } = flags;
      const { token, ...issued } = await issueRoleToken({
        ...options,
        role,
        days,
        ...(out !== undefined && { out }),
      });
      const result = { ...issued, ...(out === undefined ? { token } : { file: out }) };
      options.report.result(result, () => (out === undefined ? token : `${out}: ${role}, ${days} days`));
    });
}

function rotate(context: Context): Command {
  return verb('rotate', 'platform tokens rotate')
    .description('sign by a new key; tokens of the old one stay good until it is revoked')
    .action(async (flags: TokensFlags) => {
      const { rotateTokens } = await import('../../actions/tokens/index.js');
      const options = await tokensOptions(context, flags);
      const result = await rotateTokens(options);
      options.report.result(
        result,
        () =>
          `${result.from} → ${result.to}\nwhen nobody uses the old tokens: platform tokens revoke ${result.from}`,
      );
    });
}

function revoke(context: Context): Command {
  return verb('revoke', 'platform tokens revoke 3Fk9aQ')
    .description('refuse every token that a key has signed; the broker is restarted')
    .argument('<key>', 'id of the key, or its beginning')
    .action(async (key: string, flags: TokensFlags) => {
      const { revokeKey } = await import('../../actions/tokens/index.js');
      const options = await tokensOptions(context, flags);
      const result = await revokeKey({ ...options, key });
      options.report.result(result, () => `revoked: ${result.revoked}`);
    });
}

function verb(name: string, example: string): Command {
  return withConfig(new Command(name))
    .option(
      '--state <dir>',
      'state folder of the local platform (default: .platform/local beside the config)',
    )
    .addHelpText('after', `\nExample:\n  $ ${example}`);
}

async function tokensOptions(context: Context, flags: TokensFlags) {
  const { loadConfig } = await import('../../actions/load.js');
  const config = await loadConfig(flags.config, flags.env);
  return { ...(await localOptions(context, flags)), config };
}

function whole(text: string): number {
  const days = Number(text);
  if (Number.isInteger(days) && days > 0 && days <= 3650) return days;
  throw new InvalidArgumentError('wanted a whole number of days from 1 to 3650');
}
