import { Command } from 'commander';
import { type CommonOptions, type Context, withConfig } from '../context.js';
import { localOptions } from './local.js';

interface TenantsCommandOptions extends CommonOptions {
  readonly state?: string;
}

export function tenantsCommand(context: Context): Command {
  return new Command('tenants')
    .description("Pulsar's tenants, namespaces, topics and grants, as the plan wants them")
    .addCommand(verb(context, 'plan', 'show what differs; exit 3 when something does'))
    .addCommand(verb(context, 'apply', 'make it so; doing it again changes nothing'));
}

function verb(context: Context, name: 'plan' | 'apply', description: string): Command {
  return withConfig(new Command(name))
    .description(description)
    .addHelpText('after', `\nExample:\n  $ platform tenants ${name}`)
    .option(
      '--state <dir>',
      'state folder of the local platform (default: .platform/local beside the config)',
    )
    .action(async (options: TenantsCommandOptions) => {
      const [{ loadConfig }, { localTenants }, { actionsText }] = await Promise.all([
        import('../../actions/load.js'),
        import('../../actions/local/tenants.js'),
        import('../tenants-text.js'),
      ]);
      const { folder, report } = await localOptions(context, options);
      const actions = await localTenants(name, await loadConfig(options.config, options.env), folder);
      report.result(actions, () => actionsText(actions, name));
      if (name === 'plan' && actions.length > 0) context.exitCode = 3;
    });
}
