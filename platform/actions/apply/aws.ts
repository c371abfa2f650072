import type { ClusterPlan, Outputs } from '../../plan/index.js';
import type { Report } from '../../report.js';
import { outputsOf, withAssembly } from '../cluster/open.js';
import { asks, type TargetOptions } from '../target.js';

/** Deploys the stacks, unless somebody else does and brings their outputs. */
export async function deployedOutputs(
  plan: ClusterPlan,
  options: TargetOptions,
  report: Report,
): Promise<Outputs> {
  if (ownsStacks(options, 'aws')) {
    report.action('aws', 'deploying the stacks; what has not changed is left alone');
    await deploy(plan, report, name => name !== plan.names.stack('web'));
    report.success('aws', 'every stack is complete');
  }
  return outputsOf(plan, options, report);
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

async function deploy(plan: ClusterPlan, report: Report, wanted: (stack: string) => boolean): Promise<void> {
  const { stacks } = await import('../../edges/stacks.js');
  await withAssembly(plan, (assembly, names) =>
    stacks({ assembly, region: plan.region, report }).deploy(names.filter(wanted)),
  );
}
