import { Command, Option } from 'commander';
import type { CreateAuthorityOptions } from '../../../actions/certs/authority.js';
import { type CommonOptions, type Context, reporterFor, withConfig } from '../../context.js';
import { whole } from '../../whole.js';

type Flags = CommonOptions & { readonly json?: boolean };

/** AWS Private CA by hand; the stacks of `platform apply` make the platform's own. */
export function authorityCommand(context: Context): Command {
  return new Command('authority')
    .description('an AWS Private CA by hand: create, list, revoke, report, delete, restore')
    .addCommand(createCommand(context))
    .addCommand(listCommand(context))
    .addCommand(revokeCommand(context))
    .addCommand(reportCommand(context))
    .addCommand(deleteCommand(context))
    .addCommand(restoreCommand(context))
    .addHelpText('after', '\nAWS_ENDPOINT_URL_ACM_PCA points it at another endpoint.');
}

interface CreateFlags extends Flags, Pick<CreateAuthorityOptions, 'mode' | 'signedBy' | 'days'> {}

function createCommand(context: Context): Command {
  return withConfig(new Command('create'))
    .description('bring a private CA to life, or find the one that is there; it costs money from then on')
    .addHelpText(
      'after',
      '\nExample:\n  $ platform certs authority create "Example root" --env prod --mode short-lived',
    )
    .argument('<name>', 'its common name')
    .addOption(
      new Option('--mode <mode>', 'short-lived: $50 a month')
        .choices(['short-lived', 'general'])
        .default('short-lived'),
    )
    .option('--signed-by <whom>', 'itself, own-root, or the ARN of a general private CA', 'itself')
    .option('--days <days>', 'life of its own certificate', whole, 3650)
    .action(async (commonName: string, flags: CreateFlags) => {
      const [{ loadConfig }, { createAuthority }] = await Promise.all([
        import('../../../actions/load.js'),
        import('../../../actions/certs/authority.js'),
      ]);
      const { name: owner, region, tls } = await loadConfig(flags.config, flags.env);
      const { mode, signedBy, days } = flags;
      const reporter = reporterFor(context, flags);
      const options = { region, commonName, owner, mode, signedBy, days, algorithm: tls.authorityAlgorithm };
      const made = await createAuthority({ ...options, report: reporter });
      reporter.result(made, () => made.arn);
    });
}

function listCommand(context: Context): Command {
  return withConfig(new Command('list'))
    .description('the private CAs of this account and region')
    .addHelpText('after', '\nExample:\n  $ platform certs authority list --env prod')
    .action(async (flags: Flags) => {
      const [{ loadConfig }, { listAuthorities }, { table }] = await Promise.all([
        import('../../../actions/load.js'),
        import('../../../actions/certs/authority.js'),
        import('../../table.js'),
      ]);
      const found = await listAuthorities((await loadConfig(flags.config, flags.env)).region);
      reporterFor(context, flags).result(found, () =>
        table(
          ['name', 'type', 'mode', 'status', 'until', 'arn'],
          found.map(({ commonName, type, mode, status, notAfter, arn }) => [
            commonName,
            type,
            mode,
            status,
            notAfter?.toISOString().slice(0, 10) ?? '-',
            arn,
          ]),
        ),
      );
    });
}

function revokeCommand(context: Context): Command {
  return ofArn('revoke')
    .description('revoke a certificate; one that is revoked already stays so')
    .addHelpText(
      'after',
      '\nExample:\n  $ platform certs authority revoke "$CA_ARN" 3f9a01 --reason KEY_COMPROMISE',
    )
    .argument('<serial>', 'its serial number, hexadecimal')
    .addOption(
      new Option('--reason <reason>', 'why')
        .choices([
          'UNSPECIFIED',
          'KEY_COMPROMISE',
          'SUPERSEDED',
          'CESSATION_OF_OPERATION',
          'PRIVILEGE_WITHDRAWN',
        ])
        .default('UNSPECIFIED'),
    )
    .action(
      async (
        arn: string,
        serial: string,
        flags: { readonly reason: 'UNSPECIFIED'; readonly json?: boolean },
      ) => {
        const { revokeCertificate } = await import('../../../actions/certs/authority.js');
        await revokeCertificate(arn, serial, flags.reason);
        reporterFor(context, flags).result({ revoked: serial }, () => `revoked ${serial}`);
      },
    );
}

function reportCommand(context: Context): Command {
  return ofArn('report')
    .description('have AWS write all that it issued and revoked into a bucket')
    .addHelpText('after', '\nExample:\n  $ platform certs authority report "$CA_ARN" example-audit-reports')
    .argument('<bucket>')
    .action(async (arn: string, bucket: string, flags: { readonly json?: boolean }) => {
      const { reportOfAuthority } = await import('../../../actions/certs/authority.js');
      const written = await reportOfAuthority(arn, bucket);
      reporterFor(context, flags).result(written, () => `s3://${written.bucket}/${written.key}`);
    });
}

function deleteCommand(context: Context): Command {
  return ofArn('delete')
    .description('disable and delete it; it can be restored for some days')
    .addHelpText(
      'after',
      '\nExample:\n  $ platform certs authority delete "$CA_ARN" --name "voice root" --restore-days 30',
    )
    .requiredOption('--name <name>', 'its common name, so that it is not another one')
    .option('--restore-days <days>', 'days in which it can be restored, 7 to 30', whole, 30)
    .action(
      async (
        arn: string,
        flags: { readonly name: string; readonly restoreDays: number; readonly json?: boolean },
      ) => {
        const { deleteAuthority } = await import('../../../actions/certs/authority.js');
        const left = await deleteAuthority(arn, flags.name, flags.restoreDays);
        reporterFor(context, flags).result(left, () => `${left.commonName}: ${left.status}`);
      },
    );
}

function restoreCommand(context: Context): Command {
  return ofArn('restore')
    .description('take a deletion back; it issues again')
    .addHelpText('after', '\nExample:\n  $ platform certs authority restore "$CA_ARN"')
    .action(async (arn: string, flags: { readonly json?: boolean }) => {
      const { restoreAuthority } = await import('../../../actions/certs/authority.js');
      const back = await restoreAuthority(arn);
      reporterFor(context, flags).result(back, () => `${back.commonName}: ${back.status}`);
    });
}

function ofArn(name: string): Command {
  return new Command(name)
    .argument('<arn>', 'ARN of the private CA')
    .option('--json', 'print the result as JSON');
}
