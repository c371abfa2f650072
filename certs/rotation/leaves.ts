import { setTimeout as sleep } from 'node:timers/promises';
import { PlatformError } from '../../platform/errors.js';
import { type Report, silent } from '../../platform/report.js';
import type { Estate } from './estate.js';
import type { RotationSettings } from './machine.js';

export interface LeafRotation {
  readonly estate: Pick<Estate, 'facts' | 'reissue'>;
  readonly batches: RotationSettings['batches'];
  /** @default - all */
  readonly workloads?: readonly string[];
  /** @default 120 */
  readonly patienceSeconds?: number;
  readonly report?: Report;
  readonly signal?: AbortSignal;
}

const POLL_MS = 250;

/**
 * New certificates with new keys, batch after batch; the next batch waits until this one is served, so that of a quorum
 * never more than one batch is in doubt.
 *
 * @returns the workloads that were renewed
 * @throws PlatformError WorkloadUnknown; RotationStuck when something does not serve its new certificate
 */
export async function rotateLeaves(rotation: LeafRotation): Promise<string[]> {
  const { estate, batches, workloads, report = silent } = rotation;
  const known = (await estate.facts()).workloads.map(({ workload }) => workload);
  const unknown = (workloads ?? []).filter(name => !known.includes(name));
  if (unknown.length > 0) {
    throw new PlatformError(
      'WorkloadUnknown',
      `nothing of this name has a certificate: ${unknown.join(', ')}`,
      {
        want: known.join(', '),
        refused: true,
      },
    );
  }
  const wanted = workloads ?? known;
  const batched = new Set(batches.flat());
  const all = [...batches, ...known.filter(name => !batched.has(name)).map(name => [name])];
  for (const batch of all.map(names => names.filter(name => wanted.includes(name)))) {
    if (batch.length === 0) continue;
    report.action('rotate', `new certificates for ${batch.join(', ')}`);
    await estate.reissue(batch);
    await untilServed(batch, rotation);
    report.success('rotate', `${batch.join(', ')} ${batch.length === 1 ? 'serves' : 'serve'} them`);
  }
  return known.filter(name => wanted.includes(name));
}

/**
 * Waits until every workload named serves what was issued to it.
 *
 * @throws PlatformError RotationStuck
 */
export async function untilServed(
  names: readonly string[],
  {
    estate,
    patienceSeconds = 120,
    signal,
  }: Pick<LeafRotation, 'patienceSeconds' | 'signal'> & { readonly estate: Pick<Estate, 'facts'> },
): Promise<void> {
  const end = Date.now() + patienceSeconds * 1000;
  for (;;) {
    const { workloads } = await estate.facts();
    const late = workloads.filter(({ workload, serves }) => names.includes(workload) && !serves);
    if (late.length === 0) return;
    if (Date.now() > end) {
      throw new PlatformError(
        'RotationStuck',
        `not everything serves what was issued after ${patienceSeconds} s`,
        {
          where: late.map(({ workload }) => workload).join(', '),
        },
      );
    }
    await sleep(POLL_MS, undefined, { ...(signal && { signal }) });
  }
}
