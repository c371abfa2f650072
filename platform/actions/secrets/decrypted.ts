import { setTimeout as sleep } from 'node:timers/promises';
import pMap from 'p-map';
import { type Kubernetes, type Manifest, type ObjectRef, refText } from '../../edges/kubernetes.js';
import { PlatformError } from '../../errors.js';
import type { ClusterPlan } from '../../plan/index.js';
import type { Report } from '../../report.js';
import { refOf } from '../cluster/inventory.js';
import { knownOnly } from '../cluster/known.js';
import type { StageObjects } from '../cluster/stages.js';

const STAGE = 'secrets';
const POLL_MS = 500;

/**
 * The stages with the Secrets that sops has decrypted, so that whoever compares, applies or destroys knows of them.
 *
 * @param begin done before they are applied. @default - nothing
 */
export function withDecrypted(
  { stages: planned }: ClusterPlan,
  stages: readonly StageObjects[],
  secrets: readonly Manifest[],
  begin?: () => Promise<void>,
): StageObjects[] {
  const order = planned.map(({ name }) => name);
  const rest = stages.filter(({ name }) => name !== STAGE);
  const { groups = [] } = stages.find(({ name }) => name === STAGE) ?? {};
  const stage = { name: STAGE, groups: [...groups, secrets], ...(begin && { begin }) };
  return [...rest, stage].sort((a, b) => order.indexOf(a.name) - order.indexOf(b.name));
}

export interface TakeOverOptions {
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
  readonly report: Report;
}

/**
 * Takes Secrets over from whoever has written them. An ExternalSecret of before would go on to write the value of the
 * store, and would take the Secret along when it is deleted: so it lets go of it first.
 *
 * @throws StageNotHealthy when one does not go in time
 */
export async function takeOver(
  cluster: Kubernetes,
  secrets: readonly Manifest[],
  { signal, timeoutMs, report }: TakeOverOptions,
): Promise<void> {
  const showing = secrets.map(refOf).map(
    ({ metadata }): ObjectRef => ({
      apiVersion: 'external-secrets.io/v1',
      kind: 'ExternalSecret',
      metadata,
    }),
  );
  const were = await pMap(showing, ref => knownOnly(() => cluster.remove(ref, { orphan: true })), {
    concurrency: 8,
    signal,
  });
  let waiting = showing.filter((_, index) => were[index]);
  if (waiting.length > 0)
    report.action(STAGE, `${waiting.length} ExternalSecrets let go of their Secrets, which stay`);
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const there = await Promise.all(waiting.map(ref => knownOnly(() => cluster.read(ref))));
    waiting = waiting.filter((_, index) => there[index] !== undefined);
    const [first] = waiting;
    if (first === undefined) break;
    if (Date.now() > deadline) {
      const held = there.find(object => object !== undefined)?.metadata?.finalizers ?? [];
      throw new PlatformError('StageNotHealthy', `${waiting.length} ExternalSecrets are not gone`, {
        where: STAGE,
        saw: `${refText(first)}: deleted, and held by ${held.join(', ')}`,
        fix: 'external-secrets must run until it has let go of them: platform status; then run again',
        timedOut: true,
      });
    }
    report.progress(STAGE, `waiting until ${refText(first)} is gone`);
    await sleep(POLL_MS, undefined, { signal });
  }
  // What the files hold is what is so, whoever wrote it last.
  await pMap(secrets, secret => cluster.apply(secret, { force: true }), { concurrency: 8, signal });
}
