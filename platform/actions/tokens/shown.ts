import { setTimeout as sleep } from 'node:timers/promises';
import type { Kubernetes, ObjectRef } from '../../edges/kubernetes.js';
import { PlatformError } from '../../errors.js';
import type { SecretPlan } from '../../plan/index.js';
import type { Report } from '../../report.js';
import { knownOnly } from '../cluster/known.js';

const TIMEOUT_MS = 120_000;
const POLL_MS = 250;

/**
 * Has external-secrets look now instead of in a quarter of an hour, and waits until the Secrets hold these values. What
 * is not applied yet is not waited for: it will show them when it comes.
 */
export async function showInCluster(
  cluster: Kubernetes,
  values: ReadonlyMap<SecretPlan, string>,
  { report, signal }: { readonly report: Report; readonly signal: AbortSignal },
): Promise<void> {
  const targets = [...values].flatMap(([secret, value]) =>
    secret.target === undefined ? [] : [{ ...secret.target, value: bytesOf(secret, value) }],
  );
  const waiting: typeof targets = [];
  for (const target of targets) {
    if ((await shownBy(cluster, target)) === target.value) continue;
    const { namespace, name } = target;
    const ref: ObjectRef = {
      apiVersion: 'external-secrets.io/v1',
      kind: 'ExternalSecret',
      metadata: { namespace, name },
    };
    if ((await knownOnly(() => cluster.read(ref))) === undefined) continue;
    const annotations = { 'force-sync': new Date().toISOString() };
    await cluster.apply({ ...ref, metadata: { ...ref.metadata, annotations } }, { force: true });
    waiting.push(target);
  }
  const deadline = Date.now() + TIMEOUT_MS;
  for (const target of waiting) {
    const where = `${target.namespace}/${target.name}`;
    report.waiting('cluster', `for Secret ${where}`);
    while ((await shownBy(cluster, target)) !== target.value) {
      if (Date.now() > deadline)
        throw new PlatformError('SecretNotShown', 'a value is not shown', { where, timedOut: true });
      await sleep(POLL_MS, undefined, { signal });
    }
  }
}

/** As the data of a Secret has it. */
function bytesOf({ encoding }: SecretPlan, value: string): string {
  return encoding === 'base64' ? value : Buffer.from(value).toString('base64');
}

async function shownBy(
  cluster: Kubernetes,
  { namespace, name, key }: NonNullable<SecretPlan['target']>,
): Promise<string | undefined> {
  const secret = await cluster.read({ apiVersion: 'v1', kind: 'Secret', metadata: { namespace, name } });
  return (secret?.['data'] as Readonly<Record<string, string>> | undefined)?.[key];
}
