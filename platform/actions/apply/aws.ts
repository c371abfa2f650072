import type { SecretStore } from '../../edges/secret-store.js';
import type { Stacks } from '../../edges/stacks.js';
import { beforeChanges } from '../../errors.js';
import type { ClusterPlan, Outputs } from '../../plan/index.js';
import type { Report } from '../../report.js';
import { outputsOf, withAssembly } from '../cluster/open.js';
import { asks, type TargetOptions } from '../target.js';
import { awaitsDelegation, expectDelegation } from './delegation.js';
import type { ApplyOptions } from './options.js';
import { refuseReplacing } from './replace.js';

type AwsOptions = TargetOptions & Pick<ApplyOptions, 'replace' | 'ignoreGates'>;

/** Deploys the stacks, unless somebody else does and brings their outputs. */
export async function deployedOutputs(
  plan: ClusterPlan,
  options: AwsOptions,
  report: Report,
): Promise<Outputs> {
  if (ownsStacks(options, 'aws')) {
    report.action('aws', 'deploying the stacks; what has not changed is left alone');
    await deployStacks(plan, options, report);
    report.success('aws', 'every stack is complete');
    await fillSecrets(plan, options, report);
  }
  return outputsOf(plan, options, report);
}

/** Everything that comes later waits for the values; who deploys without `secrets` may bring theirs until then. */
async function fillSecrets(plan: ClusterPlan, options: TargetOptions, report: Report): Promise<void> {
  const [{ expectValues, makeSecrets }, { withSecretStore }] = await Promise.all([
    import('../secrets/index.js'),
    import('../secrets/run.js'),
  ]);
  const fill = async (store: SecretStore) => {
    const { made, missing } = await makeSecrets(plan, store, report);
    report.success('secrets', `${made.length} values made`);
    if (asks(options, 'secrets')) expectValues(missing, store);
  };
  await withSecretStore(plan, fill, options.config);
}

/** Web on Fargate starts when its secrets have values and what it dials is there: its stack comes with the services. */
export async function deployWeb(plan: ClusterPlan, options: TargetOptions, report: Report): Promise<void> {
  if (plan.config.web.runOn !== 'fargate' || !ownsStacks(options, 'services')) return;
  const web = plan.names.stack('web');
  report.action('services', `deploying the stack ${web}`);
  await withStacks(plan, options.signal, report, stacks => stacks.deploy([web]));
  report.success('services', 'web runs on Fargate');
}

function ownsStacks(options: TargetOptions, stage: string): boolean {
  return options.outputs === undefined && asks(options, stage);
}

/** The network with the zone first: what proves the domain waits for its parent. */
async function deployStacks(
  plan: ClusterPlan,
  { replace = [], ignoreGates, signal }: AwsOptions,
  report: Report,
): Promise<void> {
  const [network, web] = [plan.names.stack('network'), plan.names.stack('web')];
  const { config, region } = plan;
  await withStacks(plan, signal, report, async (stacks, all) => {
    const names = all.filter(name => name !== web);
    const different = await beforeChanges(() => stacks.changes());
    const changes = different.filter(({ stack }) => names.includes(stack));
    refuseReplacing(changes, replace);
    if (!awaitsDelegation(config.dns.kind, changes)) return stacks.deploy(names);
    await stacks.deploy([network]);
    const [{ stackOutputs }, { nameServersOf }] = await Promise.all([
      import('../../edges/stack-outputs.js'),
      import('../../edges/name-servers.js'),
    ]);
    const { nameServers = '' } = await stackOutputs(region, [network]);
    await expectDelegation({
      ...{ domain: config.domain, nameServers: nameServers.split(','), report, ignored: ignoreGates },
      ask: domain => nameServersOf(domain),
    });
    await stacks.deploy(names.filter(name => name !== network));
  });
}

async function withStacks(
  plan: ClusterPlan,
  signal: AbortSignal,
  report: Report,
  work: (stacks: Stacks, names: readonly string[]) => Promise<unknown>,
): Promise<void> {
  const { stacks } = await import('../../edges/stacks.js');
  await withAssembly(plan, (assembly, names) =>
    work(stacks({ assembly, region: plan.region, report, signal }), names),
  );
}
