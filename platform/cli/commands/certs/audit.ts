import { Command } from 'commander';
import { type Context, reporterFor } from '../../context.js';
import { type PlatformFlags, withPlatform } from '../../target.js';
import { localOptions } from '../local.js';

interface AuditFlags extends PlatformFlags {
  readonly metrics?: boolean;
}

export function auditCommand(context: Context): Command {
  return withPlatform(new Command('audit'), 'local')
    .description('ask every endpoint of the platform what it serves now, and what it refuses')
    .option('--metrics', 'print the result as Prometheus metrics')
    .addHelpText(
      'after',
      `
Exit code 3 when an endpoint serves an old certificate, a dial is refused, or something that must be refused is not.
In a cluster every pod behind an endpoint is asked, through the API server (kubectl port-forward).

Examples:
  $ platform certs audit
  $ platform certs audit --target cluster --env prod
  $ platform certs audit --target cluster --env prod --metrics > /var/lib/node_exporter/served-certs.prom`,
    )
    .action(async (flags: AuditFlags) => {
      const [{ auditMetrics }, { auditText }, rows] = await Promise.all([
        import('../../../actions/certs/audit.js'),
        import('../../certs-text.js'),
        rowsOf(context, flags),
      ]);
      const findings = rows.flatMap(row => row.findings);
      const metrics = flags.metrics ? await auditMetrics(rows) : undefined;
      reporterFor(context, flags).result(rows, () => metrics ?? auditText(rows));
      if (!flags.json) reporterFor(context, flags).findings(findings);
      if (findings.some(({ severity }) => severity === 'error')) context.exitCode = 3;
    });
}

async function rowsOf(context: Context, flags: AuditFlags) {
  const { loadConfig } = await import('../../../actions/load.js');
  const config = await loadConfig(flags.config, flags.env);
  if (flags.target === 'local') {
    const { auditLocal } = await import('../../../actions/certs/audit.js');
    return auditLocal({ config, ...(await localOptions(context, flags)) });
  }
  const { auditCluster } = await import('../../../actions/certs/cluster/audit.js');
  const { kubeconfig, context: name } = flags;
  return auditCluster({
    ...{ config, report: reporterFor(context, flags), signal: context.io.signal },
    ...(kubeconfig !== undefined && { kubeconfig }),
    ...(name !== undefined && { context: name }),
  });
}
