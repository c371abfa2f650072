import { Command } from 'commander';
import { type CommonOptions, type Context, reporterFor, withConfig } from '../../context.js';
import { localOptions } from '../local.js';

interface AuditFlags extends CommonOptions {
  readonly state?: string;
  readonly metrics?: boolean;
}

export function auditCommand(context: Context): Command {
  return withConfig(new Command('audit'))
    .description('ask every endpoint of the local platform what it serves now, and what it refuses')
    .addHelpText('after', '\nExample:\n  $ platform certs audit')
    .option('--metrics', 'print the result as Prometheus metrics')
    .option('--state <dir>', 'state folder (default: .platform/local beside the config)')
    .addHelpText(
      'after',
      '\nExit code 3 when an endpoint serves an old certificate, a dial is refused, or something that must be refused is not.',
    )
    .action(async (flags: AuditFlags) => {
      const [{ loadConfig }, { auditLocal, metricsOf }, { auditText }] = await Promise.all([
        import('../../../actions/load.js'),
        import('../../../actions/certs/audit.js'),
        import('../../certs-text.js'),
      ]);
      const { folder, report, signal } = await localOptions(context, flags);
      const config = await loadConfig(flags.config, flags.env);
      const rows = await auditLocal({ config, folder, report, signal });
      const findings = rows.flatMap(row => row.findings);
      const metrics = flags.metrics ? await metricsOf(rows) : undefined;
      reporterFor(context, flags).result(rows, () => metrics ?? auditText(rows));
      if (!flags.json) reporterFor(context, flags).findings(findings);
      if (findings.some(({ severity }) => severity === 'error')) context.exitCode = 3;
    });
}
