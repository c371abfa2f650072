import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { addStacks, makeApp } from '../../aws/index.js';
import type { Config } from '../../config/index.js';
import { PlatformError } from '../../errors.js';
import { type ClusterPlan, makePlan, type Outputs } from '../../plan/index.js';
import type { Report } from '../../report.js';
import type { TargetOptions } from '../target.js';
import { readOutputs } from './outputs.js';

/** The plan of a cluster, once what was asked for is known to make sense. */
export function clusterPlanOf(config: Config, { stages }: Pick<TargetOptions, 'stages'>): ClusterPlan {
  const plan = makePlan(config, { target: 'cluster' });
  const known = plan.stages.map(({ name }) => name);
  const unknown = (stages ?? []).filter(name => !known.includes(name));
  if (unknown.length === 0) return plan;
  throw new PlatformError('StageUnknown', `no stage ${unknown.join(', ')}`, {
    saw: unknown.join(', '),
    want: known.join(', '),
    refused: true,
  });
}

/** Synthesizes the stacks into a folder that is gone afterwards. */
export async function withAssembly<T>(
  plan: ClusterPlan,
  work: (folder: string, stackNames: readonly string[]) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(path.join(tmpdir(), 'platform-assembly-'));
  try {
    const app = makeApp({ outdir: folder, validate: false, quiet: true });
    addStacks(app, plan);
    const names = app.synth().stacks.map(({ stackName }) => stackName);
    return await work(folder, names);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Outputs as the user gives them, else as CloudFormation tells them. */
export async function outputsOf(
  plan: ClusterPlan,
  { outputs }: Pick<TargetOptions, 'outputs'>,
  report: Report,
): Promise<Outputs> {
  if (outputs !== undefined) return readOutputs(outputs);
  const [{ stackOutputs }, { parseOutputs }] = await Promise.all([
    import('../../edges/stack-outputs.js'),
    import('./outputs.js'),
  ]);
  report.waiting('aws', 'for the outputs of the stacks');
  const names = ['network', 'pki', 'registry'].map(name => plan.names.stack(name));
  return parseOutputs(JSON.stringify(await stackOutputs(plan.region, names)), 'CloudFormation');
}
