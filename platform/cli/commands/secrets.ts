import { Command } from 'commander';
import type { SecretState } from '../../actions/secrets/index.js';
import { type CommonOptions, type Context, reporterFor, withConfig } from '../context.js';
import { table } from '../table.js';

export function secretsCommand(context: Context): Command {
  return new Command('secrets')
    .description(
      'secret values of a platform on AWS, in a store or in SOPS files: which there are, and those that the kit makes',
    )
    .addCommand(list(context))
    .addCommand(make(context));
}

function list(context: Context): Command {
  return verb('list', 'platform secrets list --env prod')
    .description('show which have a value, never a value; exit 3 when one is missing')
    .action(async (flags: CommonOptions) => {
      const [[{ secretStates }, plan, withStore], { beforeChanges }] = await Promise.all([
        opened(flags),
        import('../../errors.js'),
      ]);
      const states = await beforeChanges(() => withStore(store => secretStates(plan, store)));
      reporterFor(context, flags).result(states, () => statesText(states));
      if (states.some(({ hasValue }) => !hasValue)) context.exitCode = 3;
    });
}

function make(context: Context): Command {
  return verb('make', 'platform secrets make --env prod')
    .description(
      'give a value to those that the kit makes and that have none, and a new token where one ends within months',
    )
    .action(async (flags: CommonOptions) => {
      const [{ expectValues, makeSecrets }, plan, withStore] = await opened(flags);
      const reporter = reporterFor(context, flags);
      await withStore(async store => {
        const { made, missing } = await makeSecrets(plan, store, reporter, { untouched: true });
        expectValues(missing, store);
        reporter.result({ made }, () =>
          made.length === 0 ? 'every secret has a value' : `${made.length} made`,
        );
      });
    });
}

function verb(name: string, example: string): Command {
  return withConfig(new Command(name)).addHelpText('after', `\nExample:\n  $ ${example}`);
}

async function opened(flags: CommonOptions) {
  const [actions, { withSecretStore }, { loadConfig }, { makePlan }] = await Promise.all([
    import('../../actions/secrets/index.js'),
    import('../../actions/secrets/run.js'),
    import('../../actions/load.js'),
    import('../../plan/index.js'),
  ]);
  const plan = makePlan(await loadConfig(flags.config, flags.env), { target: 'cluster' });
  const withStore = <T>(work: Parameters<typeof withSecretStore<T>>[1]) =>
    withSecretStore(plan, work, flags.config);
  return [actions, plan, withStore] as const;
}

function statesText(states: readonly SecretState[]): string {
  return table(
    ['secret', 'name', 'from', 'value'],
    states.map(({ id, storeName, from, hasValue }) => [id, storeName, from, hasValue ? 'yes' : 'MISSING']),
  );
}
