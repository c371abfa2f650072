import { Command } from 'commander';
import { clusterOf } from '../broker.js';
import { type Context, reporterFor } from '../context.js';
import { type PlatformFlags, withPlatform } from '../target.js';
import { localOptions } from './local.js';

export function tenantsCommand(context: Context): Command {
  return new Command('tenants')
    .description("Pulsar's tenants, namespaces, topics and grants, as the plan wants them")
    .addCommand(verb(context, 'plan', 'show what differs; exit 3 when something does'))
    .addCommand(verb(context, 'apply', 'make it so; doing it again changes nothing'));
}

function verb(context: Context, name: 'plan' | 'apply', description: string): Command {
  return withPlatform(new Command(name), 'local')
    .description(description)
    .addHelpText(
      'after',
      `\nExamples:\n  $ platform tenants ${name}\n  $ platform tenants ${name} --target cluster --env prod`,
    )
    .action(async (options: PlatformFlags) => {
      const { actionsText } = await import('../tenants-text.js');
      const actions = await (options.target === 'cluster' ? inCluster : here)(context, name, options);
      reporterFor(context, options).result(actions, () => actionsText(actions, name));
      if (name === 'plan' && actions.length > 0) context.exitCode = 3;
    });
}

async function here(context: Context, name: 'plan' | 'apply', options: PlatformFlags) {
  const [{ loadConfig }, { localTenants }] = await Promise.all([
    import('../../actions/load.js'),
    import('../../actions/local/tenants.js'),
  ]);
  const { folder } = await localOptions(context, options);
  return localTenants(name, await loadConfig(options.config, options.env), folder);
}

async function inCluster(context: Context, name: 'plan' | 'apply', options: PlatformFlags) {
  const [{ clusterTenants }, { plan, cluster, reach }] = await Promise.all([
    import('../../actions/tenants/cluster.js'),
    clusterOf(context, options),
  ]);
  return clusterTenants(name, plan, cluster, reach);
}
