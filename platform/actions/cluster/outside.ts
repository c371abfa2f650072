import { setTimeout as sleep } from 'node:timers/promises';
import { type Kubernetes, type ObjectRef, refText } from '../../edges/kubernetes.js';
import { PlatformError } from '../../errors.js';
import type { Report } from '../../report.js';
import { knownOnly } from './known.js';
import { removeObjects } from './objects.js';

const POLL_MS = 1_000;
/** Their controllers put a finalizer on them, and nobody takes it off once those are gone: so their namespace stays for ever. */
const HELD = ['ExternalSecret', 'ScaledObject', 'Gateway', 'GatewayClass'];

export interface RemoveOutsideOptions {
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
  readonly report: Report;
}

/**
 * Removes what a controller has yet to let go, and waits until it is gone: nodes of Karpenter and load balancers of
 * Services, which AWS bills, and what has a finalizer. The controllers must run until then; after them nobody does it.
 *
 * @returns the objects that are left to be removed, and how many were
 * @throws StillThere
 */
export async function removeOutside(
  cluster: Kubernetes,
  refs: readonly ObjectRef[],
  options: RemoveOutsideOptions,
): Promise<{ readonly rest: readonly ObjectRef[]; readonly removed: number }> {
  const pools = refs.filter(({ kind }) => kind === 'NodePool');
  const classes = refs.filter(({ kind }) => kind === 'EC2NodeClass');
  const held = refs.filter(({ kind }) => HELD.includes(kind));
  const balancers = await balancersAmong(cluster, refs);
  let removed = 0;
  // A class is let go when no node is of it.
  for (const group of [[...pools, ...balancers, ...held], classes]) {
    if (group.length === 0) continue;
    removed += await removeObjects(cluster, group, options.signal);
    await untilGone(cluster, group, options);
  }
  const outside = new Set([...pools, ...classes, ...balancers, ...held]);
  return { rest: refs.filter(ref => !outside.has(ref)), removed };
}

async function balancersAmong(cluster: Kubernetes, refs: readonly ObjectRef[]): Promise<ObjectRef[]> {
  const found: ObjectRef[] = [];
  for (const ref of refs.filter(({ kind }) => kind === 'Service')) {
    const spec = (await cluster.read(ref))?.['spec'] as { readonly type?: string } | undefined;
    if (spec?.type === 'LoadBalancer') found.push(ref);
  }
  return found;
}

async function untilGone(
  cluster: Kubernetes,
  refs: readonly ObjectRef[],
  { signal, timeoutMs, report }: RemoveOutsideOptions,
): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const there = (await Promise.all(refs.map(ref => remains(cluster, ref)))).flat();
    if (there.length === 0) return;
    if (Date.now() > deadline) {
      throw new PlatformError(
        'StillThere',
        `${there.length} objects are not gone that their controllers have to let go`,
        {
          where: there.slice(0, 10).join(', '),
          saw: 'deleted, and held by a finalizer',
          want: 'gone, before their controllers are',
          timedOut: true,
        },
      );
    }
    report.progress('delete', `waiting until ${there[0]} is gone, and what was made for it`);
    await sleep(POLL_MS, undefined, { signal });
  }
}

/** The object, and the nodes that were made for it. */
async function remains(cluster: Kubernetes, ref: ObjectRef): Promise<string[]> {
  const object = await knownOnly(() => cluster.read(ref));
  const nodes =
    ref.kind === 'NodePool'
      ? ((await knownOnly(() =>
          cluster.list(ref.apiVersion, 'NodeClaim', undefined, `karpenter.sh/nodepool=${ref.metadata.name}`),
        )) ?? [])
      : [];
  return [...(object === undefined ? [] : [refText(ref)]), ...nodes.map(refText)];
}
