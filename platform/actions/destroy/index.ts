import { rm } from 'node:fs/promises';
import path from 'node:path';
import { type ObjectRef, refText } from '../../edges/kubernetes.js';
import { beforeChanges, PlatformError } from '../../errors.js';
import type { ClusterPlan } from '../../plan/index.js';
import type { Report } from '../../report.js';
import { connectCluster } from '../cluster/connect.js';
import { holdsData } from '../cluster/guarded.js';
import { inventoryOf } from '../cluster/inventory.js';
import { removeObjects } from '../cluster/objects.js';
import { clusterPlanOf, withAssembly } from '../cluster/open.js';
import { leadingToCluster } from '../cluster/own-cluster.js';
import { removeStages } from '../cluster/stages.js';
import { readConfig } from '../load.js';
import { localDown, localReset } from '../local/down.js';
import { asks, type TargetOptions } from '../target.js';
import { claimsOf, leftOf } from './claims.js';

export interface DestroyOptions extends TargetOptions {
  /** Names of what holds data or trust, typed out: only these of them are deleted. */
  readonly named: readonly string[];
  /** The name of the platform and environment, typed out: `voice-prod`. */
  readonly confirm?: string;
}

export interface DestroyResult {
  readonly removed: number;
  /** What holds data or trust and was not named. */
  readonly kept: readonly string[];
}

/**
 * Takes a platform down in the reverse order of its installation. What holds data or trust (disks, namespaces with
 * disks, authorities, ledger buckets) stays unless its own name is typed.
 *
 * @throws NameNotTyped before anything is changed
 */
export async function destroy(options: DestroyOptions, report: Report): Promise<DestroyResult> {
  return options.target === 'local' ? destroyLocal(options, report) : destroyCluster(options, report);
}

async function destroyLocal(options: DestroyOptions, report: Report): Promise<DestroyResult> {
  const { folder, signal, named } = options;
  const whole = ['authority', 'data'];
  const unknown = named.filter(name => !whole.includes(name));
  if (unknown.length > 0) {
    throw new PlatformError('NameNotTyped', `nothing of the local platform is called ${unknown.join(', ')}`, {
      saw: unknown.join(', '),
      want: whole.join(', '),
      fix: `platform destroy --target local --delete ${whole.join(' ')}`,
      refused: true,
    });
  }
  if (whole.every(name => named.includes(name))) {
    await localReset({ folder, report, signal });
    return { removed: 1, kept: [] };
  }
  const removed = await localDown({ folder, report, signal });
  const going = whole.filter(name => named.includes(name));
  for (const name of going) await rm(path.join(folder.root, name), { recursive: true, force: true });
  return { removed, kept: whole.filter(name => !going.includes(name)) };
}

async function destroyCluster(options: DestroyOptions, report: Report): Promise<DestroyResult> {
  const { config } = await readConfig(options.config, options.env);
  const plan = clusterPlanOf(config, options);
  const { prefix } = plan.names;
  if (options.confirm !== prefix) {
    throw new PlatformError('NameNotTyped', `${prefix} is destroyed only when its name is typed`, {
      ...(options.confirm !== undefined && { saw: options.confirm }),
      want: prefix,
      fix: `${commandOf(options)} --confirm ${prefix}`,
      refused: true,
    });
  }
  const reached = await beforeChanges(() => leadingToCluster(plan, options));
  // Where a first deployment failed there are stacks, and no cluster yet.
  if (reached === undefined) report.warning('cluster', `there is no EKS cluster ${plan.names.cluster}`);
  const result = reached === undefined ? NOTHING : await destroyObjects(plan, reached, report);
  if (options.outputs === undefined && asks(options, 'aws')) {
    const { stacks } = await import('../../edges/stacks.js');
    report.action('aws', 'destroying the stacks; buckets, keys and authorities are retained');
    await withAssembly(plan, (assembly, names) =>
      stacks({ assembly, region: plan.region, report, signal: options.signal }).destroy(names),
    );
  }
  return result;
}

/** The command line up to the name that must be typed. */
function commandOf({ config, env, context, stages = [] }: DestroyOptions): string {
  return [
    'platform destroy',
    ...(config === 'platform.yaml' ? [] : ['--config', config]),
    ...(env === undefined ? [] : ['--env', env]),
    ...(context === undefined ? [] : ['--context', context]),
    ...(stages.length === 0 ? [] : ['--stage', ...stages]),
  ].join(' ');
}

const NOTHING: DestroyResult = { removed: 0, kept: [] };

async function destroyObjects(
  plan: ClusterPlan,
  options: DestroyOptions,
  report: Report,
): Promise<DestroyResult> {
  const { prefix } = plan.names;
  const cluster = connectCluster(plan, options);
  const { inventory } = await inventoryOf(cluster, prefix).read();
  const going = Object.entries(inventory).flatMap(([stage, refs]) => (asks(options, stage) ? refs : []));
  const claims = await claimsOf(cluster, going);
  const refs = [...Object.values(inventory).flat(), ...claims.map(({ ref }) => ref)];
  const unknown = options.named.filter(name => !refs.some(ref => ref.metadata.name === name));
  if (unknown.length > 0) {
    const held = refs.filter(holdsData);
    const names = [...new Set(held.map(({ metadata }) => metadata.name))];
    throw new PlatformError('NameNotTyped', `nothing of the platform is called ${unknown.join(', ')}`, {
      saw: unknown.join(', '),
      want: held.map(refText).join(', ') || 'no --delete: nothing of it holds data or trust',
      fix: [
        `${commandOf(options)} --confirm ${prefix}`,
        ...(names.length > 0 ? [`--delete NAME, of ${names.join(', ')}`] : []),
      ].join(' '),
      refused: true,
    });
  }
  const order = plan.stages.map(({ name }) => name);
  const shown = new Set(plan.secrets.map(({ target }) => `${target?.namespace}/${target?.name}`));
  const isShown = ({ kind, metadata }: ObjectRef) =>
    kind === 'Secret' && shown.has(`${metadata.namespace}/${metadata.name}`);
  // A Secret that shows a value from elsewhere holds nothing by itself.
  const keep = (ref: ObjectRef) =>
    holdsData(ref) && !isShown(ref) && !options.named.includes(ref.metadata.name);
  const target = { cluster, prefix, signal: options.signal };
  const { removed, kept } = await removeStages(
    target,
    { order, asked: stage => asks(options, stage) },
    keep,
    report,
  );
  const gone = going.filter(
    ({ kind, metadata }) => kind === 'Namespace' && options.named.includes(metadata.name),
  );
  const namespaces = new Set(gone.map(({ metadata }) => metadata.name));
  const deleted = claims.filter(({ ref }) => goesAlong(ref, options.named, namespaces)).map(({ ref }) => ref);
  const disks = await removeObjects(cluster, deleted, options.signal);
  const left = leftOf(claims, ref => deleted.includes(ref));
  return { removed: removed + disks, kept: [...kept.map(refText), ...left] };
}

/** A claim is named itself, or goes with its namespace. */
function goesAlong(
  { metadata }: ObjectRef,
  named: readonly string[],
  namespaces: ReadonlySet<string>,
): boolean {
  return named.includes(metadata.name) || namespaces.has(metadata.namespace ?? '');
}
