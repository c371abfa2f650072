import type { Config } from '../../config/index.js';
import type { ClusterPlan, Outputs } from '../../plan/index.js';
import type { Report } from '../../report.js';
import { stageObjects } from '../cluster/artifacts.js';
import { connectCluster } from '../cluster/connect.js';
import { clusterPlanOf, outputsOf, withAssembly } from '../cluster/open.js';
import { applyStages } from '../cluster/stages.js';
import { clusterDifferences } from '../diff/cluster.js';
import { countsOf } from '../diff/difference.js';
import type { ApplyResult } from './local.js';
import type { ApplyOptions } from './options.js';

const HEALTHY_TIMEOUT_MS = 15 * 60_000;

/**
 * AWS, then the cluster stage by stage. Refuses before anything is changed when the context is not the cluster of the
 * environment; killed at any point and run again it goes on there.
 */
export async function applyCluster(
  config: Config,
  options: ApplyOptions,
  report: Report,
): Promise<ApplyResult> {
  const plan = clusterPlanOf(config, options);
  const { dryRun, force, signal, timeoutMs = HEALTHY_TIMEOUT_MS } = options;
  if (dryRun) {
    const differences = await clusterDifferences(config, options, report);
    return { target: 'cluster', dryRun, differences, left: differences };
  }
  const outputs = await deployedOutputs(plan, options, report);
  const cluster = connectCluster(plan, options);
  const stages = await stageObjects(plan, outputs, options);
  const complete = options.stages === undefined;
  const { applied, removed } = await applyStages(stages, {
    cluster,
    prefix: plan.names.prefix,
    signal,
    force,
    timeoutMs,
    report,
    complete,
  });
  report.success('apply', `${applied} objects in ${stages.length} stages, ${removed} deleted`);
  const left = await clusterDifferences(config, options, report);
  const { create, change, delete: deletions } = countsOf(left);
  if (left.length > 0)
    report.warning('apply', `${create + change + deletions} differences are left: platform diff`);
  return { target: 'cluster', dryRun, differences: [], left };
}

/** Deploys the stacks, unless somebody else does and brings their outputs. */
async function deployedOutputs(plan: ClusterPlan, options: ApplyOptions, report: Report): Promise<Outputs> {
  const { outputs, stages } = options;
  if (outputs !== undefined || !(stages?.includes('aws') ?? true)) return outputsOf(plan, options, report);
  const { stacks } = await import('../../edges/stacks.js');
  report.action('aws', 'deploying the stacks; what has not changed is left alone');
  await withAssembly(plan, assembly => stacks({ assembly, region: plan.region, report }).deploy());
  report.success('aws', 'every stack is complete');
  return outputsOf(plan, options, report);
}
