import { type Kubernetes, type Manifest, type ObjectRef, refText } from '../../edges/kubernetes.js';
import type { Report } from '../../report.js';
import { marksOf, type ObjectChange } from './differences.js';
import { stays } from './guarded.js';
import { type Inventory, inventoryOf, keyOf, refOf, surplus } from './inventory.js';
import { applyObjects, changesOf, removeObjects, waitHealthy } from './objects.js';
import { removeOutside } from './outside.js';
import { asSigned } from './rotated.js';

/** A node is drained before it goes. */
const GONE_TIMEOUT_MS = 15 * 60_000;

/** The objects of one stage; a group is applied, and healthy, before the next one begins. */
export interface StageObjects {
  readonly name: string;
  readonly groups: readonly (readonly Manifest[])[];
  /** What is done before any of them is applied. Doing it again does no harm. @default - nothing */
  readonly begin?: () => Promise<void>;
  /** What else is done, once they are healthy. Doing it again does no harm. @default - nothing */
  readonly finish?: () => Promise<void>;
}

export interface StageChanges {
  readonly stage: string;
  readonly changes: readonly ObjectChange[];
  /** Objects that stay as they are. */
  readonly unchanged: number;
}

export interface ClusterTarget {
  readonly cluster: Kubernetes;
  /** Names the inventory: platform and environment. */
  readonly prefix: string;
  readonly signal: AbortSignal;
}

/**
 * What applying would change, stage by stage, and at the end what would be deleted. Writes nothing. What holds data or
 * trust is never among the deletions: see `prune`.
 *
 * @param complete whether every stage is among them: what no stage wants any more is deleted only then
 */
export async function clusterChanges(
  { cluster, prefix }: ClusterTarget,
  planned: readonly StageObjects[],
  complete = true,
): Promise<StageChanges[]> {
  const stages = await asSigned(cluster, planned);
  const changes: StageChanges[] = [];
  for (const { name, groups } of stages) {
    const objects = groups.flat();
    const differing = await changesOf(cluster, objects);
    changes.push({ stage: name, changes: differing, unchanged: objects.length - differing.length });
  }
  if (!complete) return changes;
  const { inventory } = await inventoryOf(cluster, prefix).read();
  const gone = unwanted(inventory, stages).filter(ref => !stays(ref));
  const deletions = gone.map(
    (ref): ObjectChange => ({ ref, action: 'delete', fields: [], marks: marksOf(ref, 'delete', []) }),
  );
  return deletions.length === 0
    ? changes
    : [...changes, { stage: 'delete', changes: deletions, unchanged: 0 }];
}

export interface ApplyStagesOptions extends ClusterTarget {
  readonly force: boolean;
  /** How long each group may take until it is healthy. */
  readonly timeoutMs: number;
  readonly report: Report;
  /** Refuses, by throwing, to begin a stage. @default - nothing is asked */
  readonly gate?: (stage: StageObjects, healthy: readonly string[]) => Promise<void>;
  /** Replaces pods that wait to be replaced, in order, after what they run was applied. @default - nobody does */
  readonly roll?: (objects: readonly Manifest[]) => Promise<void>;
  /** Whether every stage of the platform is among them, so that what no stage wants may be deleted. */
  readonly complete: boolean;
}

/**
 * Applies stage after stage, and waits for each. Killed at any point and run again it ends in the same place: what is
 * there is not written again, and what is going to be made is in the inventory before it is made.
 */
export async function applyStages(
  planned: readonly StageObjects[],
  options: ApplyStagesOptions,
): Promise<{ readonly applied: number; readonly removed: number }> {
  const { cluster, prefix, report, gate } = options;
  const stages = await asSigned(cluster, planned);
  const inventory = inventoryOf(cluster, prefix);
  let kept = await inventory.read();
  let applied = 0;
  for (const stage of stages) {
    const { name, groups } = stage;
    await gate?.(stage, kept.healthy);
    kept = { ...kept, inventory: withRefs(kept.inventory, name, groups.flat().map(refOf)) };
    await inventory.write(kept);
    await stage.begin?.();
    for (const group of groups) applied += await applyGroup(name, group, options);
    await stage.finish?.();
    kept = { ...kept, healthy: [...new Set([...kept.healthy, name])] };
    await inventory.write(kept);
    report.success(name, `${groups.flat().length} objects applied and healthy`);
  }
  if (!options.complete) return { applied, removed: 0 };
  const { inventory: left, removed } = await prune(kept.inventory, unwanted(kept.inventory, stages), options);
  await inventory.write({ ...kept, inventory: left });
  return { applied, removed };
}

/**
 * Deletes what no stage wants any more, naming it first. What holds data or trust stays, and stays in the inventory: it
 * goes only by `destroy`, when its name is typed.
 */
async function prune(
  known: Inventory,
  refs: readonly ObjectRef[],
  { cluster, signal, report }: ApplyStagesOptions,
): Promise<{ readonly inventory: Inventory; readonly removed: number }> {
  const [guarded, gone] = [refs.filter(stays), refs.filter(ref => !stays(ref))];
  for (const ref of guarded) report.warning('delete', `${refText(ref)} is kept: it may hold data or trust`);
  for (const ref of gone) report.action('delete', refText(ref));
  const outside = await removeOutside(cluster, gone, { signal, timeoutMs: GONE_TIMEOUT_MS, report });
  const removed = outside.removed + (await removeObjects(cluster, outside.rest, signal));
  const deleted = new Set(gone.map(keyOf));
  const left = Object.entries(known).map(([stage, refs]) => [
    stage,
    refs.filter(ref => !deleted.has(keyOf(ref))),
  ]);
  return { inventory: Object.fromEntries(left) as Inventory, removed };
}

async function applyGroup(
  stage: string,
  objects: readonly Manifest[],
  { cluster, force, signal, timeoutMs, report, roll }: ApplyStagesOptions,
): Promise<number> {
  let done = 0;
  await applyObjects(cluster, objects, {
    force,
    signal,
    onApplied: (object, left) => {
      if (left) report.warning(stage, `${left.code}: ${refText(object)} stays at ${left.saw}; ${left.fix}`);
      done += 1;
      report.progress(stage, `${done} of ${objects.length} objects`);
    },
  });
  await roll?.(objects);
  await waitHealthy(cluster, objects.map(refOf), {
    signal,
    timeoutMs,
    report: { to: report, subject: stage },
  });
  return done;
}

export interface RemoveStagesOptions {
  readonly order: readonly string[];
  readonly asked: (stage: string) => boolean;
  /** How long what is paid for in AWS may take until it is gone. @default - 15 minutes */
  readonly timeoutMs?: number;
}

/** Takes everything out again that the inventory knows of the stages asked for, last stage first, but for what is kept. */
export async function removeStages(
  { cluster, prefix, signal }: ClusterTarget,
  { order, asked, timeoutMs = GONE_TIMEOUT_MS }: RemoveStagesOptions,
  keep: (ref: ObjectRef) => boolean,
  report: Report,
): Promise<{ readonly removed: number; readonly kept: readonly ObjectRef[] }> {
  const inventory = inventoryOf(cluster, prefix);
  const { inventory: known, healthy } = await inventory.read();
  const stages = Object.keys(known)
    .filter(asked)
    .sort((a, b) => order.indexOf(b) - order.indexOf(a));
  let removed = 0;
  let left: Inventory = known;
  let standing = healthy;
  for (const stage of stages) {
    const refs = (known[stage] ?? []).filter(ref => !keep(ref));
    const outside = await removeOutside(cluster, refs, { signal, timeoutMs, report });
    removed += outside.removed + (await removeObjects(cluster, outside.rest, signal));
    left = { ...left, [stage]: (known[stage] ?? []).filter(keep) };
    standing = standing.filter(name => name !== stage);
    await inventory.write({ inventory: left, healthy: standing });
    report.success(stage, `${refs.length} objects deleted`);
  }
  if (Object.values(left).flat().length === 0) await inventory.remove();
  return { removed, kept: stages.flatMap(stage => left[stage] ?? []) };
}

/** What no stage wants any more. Jobs ran once, and are wanted only until then: they stay, known, until `destroy`. */
function unwanted(inventory: Inventory, stages: readonly StageObjects[]): ObjectRef[] {
  return surplus(inventory, wantedRefs(stages)).filter(({ kind }) => kind !== 'Job');
}

/** With what is made of them: a Secret that was applied before, and that an ExternalSecret shows now, is wanted as ever. */
function wantedRefs(stages: readonly StageObjects[]): ObjectRef[] {
  return stages.flatMap(({ groups }) =>
    groups.flat().flatMap(object => {
      const ref = refOf(object);
      return ref.kind === 'ExternalSecret' ? [ref, { ...ref, apiVersion: 'v1', kind: 'Secret' }] : [ref];
    }),
  );
}

function withRefs(inventory: Inventory, stage: string, refs: readonly ObjectRef[]): Inventory {
  const all = new Map([...(inventory[stage] ?? []), ...refs].map(ref => [keyOf(ref), ref]));
  return { ...inventory, [stage]: [...all.values()] };
}
