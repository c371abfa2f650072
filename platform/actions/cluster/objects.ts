import { setTimeout as sleep } from 'node:timers/promises';
import pMap from 'p-map';
import { type Kubernetes, type Manifest, type ObjectRef, refText } from '../../edges/kubernetes.js';
import { type Finding, PlatformError } from '../../errors.js';
import type { Report } from '../../report.js';
import { asItStands } from './as-it-stands.js';
import { fieldChanges, marksOf, type ObjectChange } from './differences.js';
import { unhealthy } from './health.js';
import { refOf } from './inventory.js';
import { knownOnly } from './known.js';
import { inOrder } from './order.js';
import { ROTATION_MANAGER } from './rotated.js';

/** Requests under way at once: enough for a fast answer, few enough for the API server's own limits. */
const CONCURRENCY = 8;

const POLL_MS = 1_000;

/**
 * What applying would change, asked of the API server by a dry run: it fills in defaults as it would for real, so that
 * only what differs is left. Objects whose kind or namespace comes with the same application are simply new.
 */
export async function changesOf(cluster: Kubernetes, objects: readonly Manifest[]): Promise<ObjectChange[]> {
  const changes = await pMap(objects, object => changeOf(cluster, object), { concurrency: CONCURRENCY });
  return changes.filter(change => change !== undefined);
}

async function changeOf(cluster: Kubernetes, object: Manifest): Promise<ObjectChange | undefined> {
  const ref = refOf(object);
  const live = await knownOnly(() => cluster.read(ref));
  if (live === undefined) return { ref, action: 'create', fields: [], marks: marksOf(ref, 'create', []) };
  const dryRun = { dryRun: true, force: true };
  try {
    const { object: standing, finding } = await asItStands(cluster, object);
    const fields = fieldChanges(live, await cluster.apply(standing, dryRun));
    if (fields.length === 0 && finding === undefined) return undefined;
    const change = { ref, action: 'change', fields, marks: marksOf(ref, 'change', fields) } as const;
    return finding === undefined ? change : { ...change, finding };
  } catch (error) {
    if (!(error instanceof PlatformError) || error.code !== 'FieldImmutable') throw error;
    return { ref, action: 'change', fields: [{ path: 'spec', after: error.saw }], marks: ['immutable'] };
  }
}

export interface ApplyObjectsOptions {
  readonly force: boolean;
  readonly signal: AbortSignal;
  /** Called after each object, with what of it was left as it is, and why. */
  readonly onApplied: (object: Manifest, left?: Finding) => void;
}

/** Applies the objects, what others refer to first. Doing it again changes nothing. */
export async function applyObjects(
  cluster: Kubernetes,
  objects: readonly Manifest[],
  { force, signal, onApplied }: ApplyObjectsOptions,
): Promise<void> {
  for (const group of inOrder(objects as readonly (Manifest & ObjectRef)[])) {
    await pMap(
      group,
      async object => {
        const { object: standing, fromRotation, finding } = await asItStands(cluster, object);
        await cluster.apply(standing, { force: force || fromRotation });
        // What two own with the same value stays when one of them lets go of it.
        if (fromRotation) await cluster.apply({ ...refOf(object) }, { manager: ROTATION_MANAGER });
        onApplied(object, finding);
      },
      { concurrency: CONCURRENCY, signal },
    );
    const definitions = group.filter(({ kind }) => kind === 'CustomResourceDefinition');
    if (definitions.length > 0) await waitHealthy(cluster, definitions, { signal, timeoutMs: 60_000 });
  }
}

/** Deletes them, what refers to others first; returns how many were there. */
export async function removeObjects(
  cluster: Kubernetes,
  refs: readonly ObjectRef[],
  signal: AbortSignal,
): Promise<number> {
  let removed = 0;
  for (const group of inOrder(refs).reverse()) {
    const were = await pMap(group, ref => knownOnly(() => cluster.remove(ref)), {
      concurrency: CONCURRENCY,
      signal,
    });
    removed += were.filter(Boolean).length;
  }
  return removed;
}

export interface WaitOptions {
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
  /** Tells what is waited for. @default - nobody is told */
  readonly report?: { readonly to: Report; readonly subject: string };
}

/** @throws StageNotHealthy when something is not healthy in time, with each thing and the reason */
export async function waitHealthy(
  cluster: Kubernetes,
  refs: readonly ObjectRef[],
  { signal, timeoutMs, report }: WaitOptions,
): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  for (let waiting = [...refs]; ; ) {
    const reasons = await pMap(waiting, ref => reasonOf(cluster, ref), { concurrency: CONCURRENCY, signal });
    const left = waiting.flatMap((ref, index) => {
      const why = reasons[index];
      return why === undefined ? [] : [{ ref, why }];
    });
    if (left.length === 0) return;
    const texts = left.map(({ ref, why }) => `${refText(ref)}: ${why}`);
    if (Date.now() > deadline) {
      throw new PlatformError('StageNotHealthy', `${left.length} objects are not healthy`, {
        where: report?.subject ?? 'cluster',
        saw: texts.slice(0, 10).join('; '),
      });
    }
    report?.to.progress(report.subject, `waiting for ${left.length}: ${texts[0]}`);
    waiting = left.map(({ ref }) => ref);
    await sleep(POLL_MS, undefined, { signal });
  }
}

async function reasonOf(cluster: Kubernetes, ref: ObjectRef): Promise<string | undefined> {
  const object = await cluster.read(ref);
  return object === undefined ? 'not there' : unhealthy(object);
}
