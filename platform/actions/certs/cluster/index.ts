import { readFile } from 'node:fs/promises';
import {
  abortRotation,
  beginRotation,
  certificatesIn,
  type Estate,
  type ForecastStep,
  forecast,
  type RotationSettings,
  type RotationState,
  rotateAuthority,
  rotateLeaves,
  type Step,
  type Store,
} from '../../../../certs/index.js';
import type { Config } from '../../../config/index.js';
import type { Kubernetes } from '../../../edges/kubernetes.js';
import { PlatformError } from '../../../errors.js';
import { type ClusterPlan, makePlan } from '../../../plan/index.js';
import type { Report } from '../../../report.js';
import { connectCluster } from '../../cluster/connect.js';
import { dataOf } from '../../cluster/data.js';
import { inventoryOf } from '../../cluster/inventory.js';
import { forwarding, type Reach } from '../../cluster/reach.js';
import { ROTATION_MANAGER, ROTATION_STATE } from '../../cluster/rotated.js';
import { batchesOf, parseRotationState } from '../rotation-state.js';
import { type AuthorityInCluster, assertReplaceable, authorityInCluster } from './authority.js';
import { bundlesIn, fingerprintOf } from './bundles.js';
import { clusterEstate } from './estate.js';
import { restartLeft } from './token-readers.js';

export interface ClusterRotationOptions {
  readonly config: Config;
  readonly kubeconfig?: string;
  readonly context?: string;
  readonly report: Report;
  readonly signal: AbortSignal;
  /** @default 400: bookies look at their files every 300 s, a mounted Secret follows within 60 */
  readonly settleSeconds?: number;
  /** The private CA that will take over. @default - the authority is inside of the cluster */
  readonly next?: { readonly arn: string; readonly rootFile: string };
  /** How a port of a pod is dialled. @default - kubectl port-forward */
  readonly reach?: Reach;
  /** Called before each step; throwing there is like being killed there. */
  readonly onStep?: (step: Step) => void | Promise<void>;
}

const SETTLE_SECONDS = 400;
const ISSUE_TIMEOUT_MS = 180_000;

interface Setup {
  readonly plan: ClusterPlan;
  readonly authority: AuthorityInCluster;
  readonly estate: Estate;
  readonly settings: RotationSettings;
  readonly store: Store<RotationState>;
  /** How long a process may take to serve what was issued. */
  readonly patienceSeconds: number;
}

/** New certificates with new keys, for all or some workloads of a cluster, batch after batch. */
export async function rotateClusterLeaves(
  options: ClusterRotationOptions & { readonly workloads?: readonly string[] },
): Promise<string[]> {
  const { estate, settings, patienceSeconds } = await open(options);
  const { workloads, report, signal } = options;
  return rotateLeaves({
    ...{ estate, batches: settings.batches, patienceSeconds, report, signal },
    ...(workloads && { workloads }),
  });
}

/** Replaces the authority of a cluster, or goes on where an earlier run was killed. */
export async function rotateClusterAuthority(
  options: ClusterRotationOptions,
): Promise<'rotated' | 'aborted'> {
  assertReplaceable(options.config);
  const { report, signal, onStep } = options;
  const { plan, authority, ...setup } = await open(options);
  const state = await setup.store.read();
  // Before there is a state: what is refused must leave none behind.
  if (state === undefined) await authority.assertNextKnown();
  const root = async () => fingerprintOf((await authority.present()).root);
  const before = state?.from ?? [await root()];
  const outcome = await rotateAuthority({ ...setup, report, signal, ...(onStep && { onStep }) });
  const left = restartLeft(plan, before, await root());
  if (left !== undefined) report.warning('tokens', left);
  return outcome;
}

/** Takes back what a rotation has done so far. */
export async function abortClusterRotation(options: ClusterRotationOptions): Promise<'rotated' | 'aborted'> {
  assertReplaceable(options.config);
  await abortRotation(await open(options));
  return rotateClusterAuthority(options);
}

/** The steps that are still to come, with their time; nothing is changed. */
export async function planClusterRotation(options: ClusterRotationOptions): Promise<ForecastStep[]> {
  assertReplaceable(options.config);
  const { estate, settings, store } = await open(options);
  const [now, facts] = [new Date(), await estate.facts()];
  return forecast((await store.read()) ?? beginRotation(facts, now), facts, settings, now);
}

async function open(options: ClusterRotationOptions): Promise<Setup> {
  const { config, signal, settleSeconds = SETTLE_SECONDS, next } = options;
  const plan = makePlan(config, { target: 'cluster' });
  const cluster = connectCluster(plan, { ...options, manager: ROTATION_MANAGER });
  const { inventory } = await inventoryOf(cluster, plan.names.prefix).read();
  const bundles = bundlesIn(cluster, Object.values(inventory).flat());
  const issue = { timeoutMs: ISSUE_TIMEOUT_MS, signal };
  const given = next && { arn: next.arn, root: await rootIn(next.rootFile) };
  const authority = authorityInCluster(plan, cluster, bundles.all, issue, given);
  const reach = options.reach ?? forwarding(cluster, options);
  return {
    plan,
    authority,
    estate: clusterEstate({ plan, cluster, authority, bundles, reach, issue }),
    settings: { settleSeconds, batches: batchesOf(plan) },
    store: configMapStore(cluster),
    patienceSeconds: settleSeconds + 60,
  };
}

/** PEM of the one root in a file. */
async function rootIn(file: string): Promise<string> {
  const refused = (message: string, cause?: unknown) =>
    new PlatformError('CertTargetNotFound', message, {
      ...{ where: file, want: 'the one certificate of a root, PEM', refused: true, cause },
    });
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw refused(`there is no root at ${file}`, cause);
  });
  const [root, ...more] = certificatesIn(text);
  if (root === undefined || more.length > 0)
    throw refused(`${file} holds ${root === undefined ? 'no certificate' : 'several certificates'}`);
  if (!root.x509.checkIssued(root.x509)) throw refused(`${file} holds no root: somebody else has signed it`);
  return root.pem;
}

/** The state of a rotation where the next person finds it too. */
function configMapStore(cluster: Kubernetes): Store<RotationState> {
  const ref = ROTATION_STATE;
  return {
    read: async () => parseRotationState((await dataOf(cluster, ref))['state'] ?? ''),
    write: async state => {
      await cluster.apply({ ...ref, data: { state: JSON.stringify(state) } }, { force: true });
    },
    remove: async () => {
      await cluster.remove(ref);
    },
  };
}
