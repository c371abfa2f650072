import path from 'node:path';
import type { Config } from '../../config/index.js';
import type { Kubernetes } from '../../edges/kubernetes.js';
import { beforeChanges, PlatformError } from '../../errors.js';
import type { ClusterPlan } from '../../plan/index.js';
import type { Report } from '../../report.js';
import { passCheck } from '../check/gate.js';
import { stageObjects } from '../cluster/artifacts.js';
import { connectCluster } from '../cluster/connect.js';
import { refuseUnfitCa } from '../cluster/existing-ca.js';
import { inventoryOf } from '../cluster/inventory.js';
import { clusterPlanOf, expectRoots } from '../cluster/open.js';
import { leadingToCluster } from '../cluster/own-cluster.js';
import { forwarding } from '../cluster/reach.js';
import { applyStages, type StageObjects } from '../cluster/stages.js';
import { clusterDifferences } from '../diff/cluster.js';
import { countsOf, differs } from '../diff/difference.js';
import type { LoadedConfig } from '../load.js';
import { asks } from '../target.js';
import { deployedOutputs, deployWeb } from './aws.js';
import { careFor, HEALTHY_TIMEOUT_MS, touchesPulsar } from './care.js';
import type { ApplyResult } from './local.js';
import type { ApplyOptions } from './options.js';
import { withRacks } from './racks.js';
import { refuseShrinking } from './shrink.js';

const ISSUE_TIMEOUT_MS = 120_000;

/**
 * Checked, then AWS, then the cluster stage by stage, then verified. Refuses before anything is changed when a rule
 * finds an error, the context is not the cluster of the environment, or Pulsar is not well; killed at any point and run
 * again it goes on there.
 */
export async function applyCluster(
  { config, read }: LoadedConfig,
  given: ApplyOptions,
  report: Report,
): Promise<ApplyResult> {
  const plan = clusterPlanOf(config, given);
  await passCheck(read, given.env, report);
  if (asks(given, 'aws') || asks(given, 'trust')) await refuseUnfitCa(plan, report);
  const onlyAws = given.stages?.every(stage => stage === 'aws') ?? false;
  const before = onlyAws ? undefined : await beforeChanges(() => leadingToCluster(plan, given));
  if (given.dryRun) {
    // Where there is no cluster yet, nothing in it differs.
    const differences = await clusterDifferences(config, before ?? { ...given, stages: ['aws'] }, report);
    return { target: 'cluster', dryRun: true, differences, left: differences };
  }
  if (before !== undefined) await beforeChanges(() => gateBeforeAll(plan, before, report));
  const outputs = await deployedOutputs(plan, given, report);
  if (onlyAws) return NOTHING_ELSE;
  if (asks(given, 'trust')) expectRoots(plan, outputs);
  const options = await leadingToCluster(plan, given);
  if (options === undefined) {
    throw new PlatformError('KubeconfigMissing', `there is no EKS cluster ${plan.names.cluster}`, {
      want: 'the stage aws before the others',
      fix: 'platform apply --stage aws',
    });
  }
  const cluster = connectCluster(plan, options);
  const { healthy } = await inventoryOf(cluster, plan.names.prefix).read();
  const objects = await stageObjects(plan, outputs, { ...options, healthy });
  const { force, signal, timeoutMs = HEALTHY_TIMEOUT_MS } = options;
  const decrypted = await withSopsSecrets(plan, cluster, objects, options, report);
  const racked = healthy.includes('pulsar')
    ? decrypted
    : withRacks(plan, cluster, decrypted, { signal, timeoutMs, report });
  const stages = asks(options, 'tenants') ? withTenants(plan, cluster, racked, options, report) : racked;
  const care = careFor(plan, cluster, options, report);
  const { applied, removed } = await applyStages(stages, {
    ...{ cluster, signal, force, timeoutMs, report },
    prefix: plan.names.prefix,
    complete: options.stages === undefined,
    gate: async (stage, healthy) => {
      if (!touchesPulsar(stage)) return;
      await refuseShrinking(cluster, stage);
      await care.gate(`stage ${stage.name}`, healthy);
    },
    roll: care.roll,
  });
  await deployWeb(plan, options, report);
  report.success('apply', `${applied} objects in ${stages.length} stages, ${removed} deleted`);
  await verified(config, options, report);
  const left = await clusterDifferences(config, options, report);
  const { create, change, delete: deletions } = countsOf(left);
  if (differs(left))
    report.warning('apply', `${create + change + deletions} differences are left: platform diff`);
  return { target: 'cluster', dryRun: false, differences: [], left };
}

const NOTHING_ELSE: ApplyResult = { target: 'cluster', dryRun: false, differences: [], left: [] };

/** Of a cluster that is not there yet nothing can be asked; the first deployment makes it. */
async function gateBeforeAll(plan: ClusterPlan, options: ApplyOptions, report: Report): Promise<void> {
  if (!STAGES_BEFORE_SERVICES.some(stage => asks(options, stage))) return;
  const cluster = connectCluster(plan, options);
  const { healthy } = await inventoryOf(cluster, plan.names.prefix).read();
  await careFor(plan, cluster, options, report).gate('everything', healthy);
}

const STAGES_BEFORE_SERVICES = ['base', 'operators', 'trust', 'secrets', 'pulsar'];

/** Services start when their topics and grants are there: before them, after Pulsar. */
function withTenants(
  plan: ClusterPlan,
  cluster: Kubernetes,
  stages: readonly StageObjects[],
  options: ApplyOptions,
  report: Report,
): StageObjects[] {
  const order = plan.stages.map(({ name }) => name);
  const isLater = ({ name }: StageObjects) => order.indexOf(name) > order.indexOf('tenants');
  const tenants: StageObjects = {
    name: 'tenants',
    groups: [],
    finish: async () => {
      const { clusterTenants } = await import('../tenants/cluster.js');
      const done = await clusterTenants('apply', plan, cluster, forwarding(cluster, options));
      report.generate('tenants', `${done.length} changes of tenants, namespaces, topics and grants`);
    },
  };
  return [...stages.filter(stage => !isLater(stage)), tenants, ...stages.filter(isLater)];
}

/** Without external-secrets it is the command that decrypts, in memory only. */
async function withSopsSecrets(
  plan: ClusterPlan,
  cluster: Kubernetes,
  stages: readonly StageObjects[],
  options: ApplyOptions,
  report: Report,
): Promise<readonly StageObjects[]> {
  if (plan.config.secrets.kind !== 'sops' || !asks(options, 'secrets')) return stages;
  const [{ expectValues, makeSecrets }, { sopsSecrets, sopsStore }, { takeOver, withDecrypted }] =
    await Promise.all([
      import('../secrets/index.js'),
      import('../secrets/sops.js'),
      import('../secrets/decrypted.js'),
    ]);
  const store = sopsStore(plan, path.dirname(options.config));
  // Stage aws may not have been asked for.
  expectValues((await makeSecrets(plan, store, report)).missing, store);
  const secrets = await sopsSecrets(plan, store);
  const { signal, timeoutMs = HEALTHY_TIMEOUT_MS } = options;
  return withDecrypted(plan, stages, secrets, () =>
    takeOver(cluster, secrets, { signal, timeoutMs, report }),
  );
}

/** @throws ProbeCertificateFailed */
async function verified(config: Config, options: ApplyOptions, report: Report): Promise<void> {
  if (!options.verify || !asks(options, 'verify')) return;
  const { verifyIssuer } = await import('../verify/cluster.js');
  const { kubeconfig, context, signal } = options;
  const { issuer, seconds } = await verifyIssuer(config, {
    ...(kubeconfig !== undefined && { kubeconfig }),
    ...(context !== undefined && { context }),
    ...{ timeoutMs: ISSUE_TIMEOUT_MS, report, signal },
  });
  report.success('verify', `a probe certificate of ${issuer} verifies (${seconds} s)`);
}
