import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { certificatesIn } from '../../../certs/index.js';
import { addStacks, makeApp } from '../../aws/index.js';
import type { Config } from '../../config/index.js';
import { PlatformError } from '../../errors.js';
import { type ClusterPlan, makePlan, type Outputs } from '../../plan/index.js';
import type { Report } from '../../report.js';
import type { TargetOptions } from '../target.js';
import { readOutputs, toldByStacks } from './outputs.js';

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

/** Outputs as the user gives them, else as CloudFormation tells them; what neither knows is asked of the CA. */
export async function outputsOf(
  plan: ClusterPlan,
  options: Pick<TargetOptions, 'outputs'>,
  report: Report,
): Promise<Outputs> {
  const outputs = await toldOutputs(plan, options, report);
  const { issuer } = plan.config.tls;
  if (outputs.trustedRoots !== '' || issuer.kind !== 'awsPrivateCa' || issuer.arn === undefined)
    return outputs;
  const { authorityChain, privateCaClient } = await import(
    '../../../certs/authorities/aws-private-ca/index.js'
  );
  const client = privateCaClient({ region: plan.region });
  try {
    report.waiting('aws', `for the root of ${issuer.arn}`);
    return { ...outputs, trustedRoots: (await authorityChain(client, issuer.arn)).roots };
  } finally {
    client.destroy();
  }
}

async function toldOutputs(
  plan: ClusterPlan,
  { outputs }: Pick<TargetOptions, 'outputs'>,
  report: Report,
): Promise<Outputs> {
  if (outputs !== undefined) return readOutputs(outputs);
  const { stackOutputs } = await import('../../edges/stack-outputs.js');
  report.waiting('aws', 'for the outputs of the stacks');
  const names = ['network', 'pki', 'registry'].map(name => plan.names.stack(name));
  return toldByStacks(await stackOutputs(plan.region, names));
}

/**
 * Who trusts nothing refuses every connection. The root of an authority inside the cluster is known only there.
 *
 * @throws TrustEmpty
 */
export function expectRoots(plan: ClusterPlan, { trustedRoots, privateCaArn }: Outputs): void {
  if (plan.config.tls.issuer.kind !== 'awsPrivateCa' || certificatesIn(trustedRoots).length > 0) return;
  throw new PlatformError('TrustEmpty', 'the bundle of trusted roots would be empty', {
    where: privateCaArn ?? 'tls.issuer',
    saw: trustedRoots === '' ? 'no root' : 'no certificate in trustedRoots',
    want: 'PEM of the root',
  });
}
