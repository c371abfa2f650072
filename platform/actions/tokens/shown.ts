import { setTimeout as sleep } from 'node:timers/promises';
import type { Kubernetes, Manifest, ObjectRef } from '../../edges/kubernetes.js';
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
  const waiting: Shown[] = [];
  for (const target of await otherThan(values, cluster)) {
    const object = await externalSecret(target, cluster);
    if (object === undefined) continue;
    const { apiVersion, kind, metadata } = object;
    const { namespace, name } = metadata ?? {};
    const annotations = { 'force-sync': new Date().toISOString() };
    await cluster.apply({ apiVersion, kind, metadata: { namespace, name, annotations } } as Manifest, {
      force: true,
    });
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

/** Whether external-secrets has yet to show one of these values. What is not applied will show them when it comes. */
export async function isBehind(
  cluster: Kubernetes,
  values: ReadonlyMap<SecretPlan, string>,
): Promise<boolean> {
  for (const target of await otherThan(values, cluster)) {
    if ((await externalSecret(target, cluster)) !== undefined) return true;
  }
  return false;
}

type Target = NonNullable<SecretPlan['target']>;

interface Shown extends Target {
  /** As the data of a Secret has it. */
  readonly value: string;
}

/** Where a Secret shows another value than one of these, or none. */
export async function otherThan(
  values: ReadonlyMap<SecretPlan, string>,
  cluster: Kubernetes,
): Promise<Shown[]> {
  const targets = [...values].flatMap(([secret, value]) =>
    secret.target === undefined ? [] : [{ ...secret.target, value: bytesOf(secret, value) }],
  );
  const others: Shown[] = [];
  for (const target of targets) if ((await shownBy(cluster, target)) !== target.value) others.push(target);
  return others;
}

/** What has a Secret made; undefined while it is not applied. */
function externalSecret({ namespace, name }: Target, cluster: Kubernetes): Promise<Manifest | undefined> {
  const ref: ObjectRef = {
    apiVersion: 'external-secrets.io/v1',
    kind: 'ExternalSecret',
    metadata: { namespace, name },
  };
  return knownOnly(() => cluster.read(ref));
}

/** As the data of a Secret has it. */
function bytesOf({ encoding }: SecretPlan, value: string): string {
  return encoding === 'base64' ? value : Buffer.from(value).toString('base64');
}

async function shownBy(cluster: Kubernetes, { namespace, name, key }: Target): Promise<string | undefined> {
  const secret = await cluster.read({ apiVersion: 'v1', kind: 'Secret', metadata: { namespace, name } });
  return (secret?.['data'] as Readonly<Record<string, string>> | undefined)?.[key];
}
