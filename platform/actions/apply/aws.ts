import type { ResourceChange } from '../../edges/stacks.js';
import type { ClusterPlan, Outputs } from '../../plan/index.js';
import type { Report } from '../../report.js';
import { outputsOf, withAssembly } from '../cluster/open.js';
import { asks, type TargetOptions } from '../target.js';
import { refuseReplacing } from './replace.js';

/** Deploys the stacks, unless somebody else does and brings their outputs. */
export async function deployedOutputs(
  plan: ClusterPlan,
  options: TargetOptions & { readonly replace?: readonly string[] },
  report: Report,
): Promise<Outputs> {
  if (ownsStacks(options, 'aws')) {
    report.action('aws', 'deploying the stacks; what has not changed is left alone');
    const others = (stack: string) => stack !== plan.names.stack('web');
    await deploy(plan, report, others, changes => refuseReplacing(changes, options.replace ?? []));
    report.success('aws', 'every stack is complete');
    await fillSecrets(plan, options, report);
  }
  return outputsOf(plan, options, report);
}

/** Everything that comes later waits for the values; who deploys without `secrets` may bring theirs until then. */
async function fillSecrets(plan: ClusterPlan, options: TargetOptions, report: Report): Promise<void> {
  if (plan.config.secrets.kind === 'sops') return;
  const [{ expectValues, makeSecrets }, { withSecretStore }] = await Promise.all([
    import('../secrets/index.js'),
    import('../secrets/run.js'),
  ]);
  await withSecretStore(plan, async store => {
    const { made, missing } = await makeSecrets(plan, store, report);
    report.success('secrets', `${made.length} values made`);
    if (asks(options, 'secrets')) expectValues(missing, { plan, store });
  });
}

/** Web on Fargate starts when its secrets have values and what it dials is there: its stack comes with the services. */
export async function deployWeb(plan: ClusterPlan, options: TargetOptions, report: Report): Promise<void> {
  if (plan.config.web.runOn !== 'fargate' || !ownsStacks(options, 'services')) return;
  report.action('services', `deploying the stack ${plan.names.stack('web')}`);
  await deploy(plan, report, name => name === plan.names.stack('web'));
  report.success('services', 'web runs on Fargate');
}

function ownsStacks(options: TargetOptions, stage: string): boolean {
  return options.outputs === undefined && asks(options, stage);
}

async function deploy(
  plan: ClusterPlan,
  report: Report,
  wanted: (stack: string) => boolean,
  refuse?: (changes: readonly ResourceChange[]) => void,
): Promise<void> {
  const { stacks } = await import('../../edges/stacks.js');
  await withAssembly(plan, async (assembly, names) => {
    const ours = stacks({ assembly, region: plan.region, report });
    if (refuse) refuse((await ours.changes()).filter(({ stack }) => wanted(stack)));
    await ours.deploy(names.filter(wanted));
  });
}
