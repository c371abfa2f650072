import { z } from 'zod';
import type { Kubernetes, Manifest, ObjectRef } from '../../edges/kubernetes.js';

const NAMESPACE = 'kube-system';

const refSchema = z.object({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.object({ name: z.string(), namespace: z.string().optional() }),
});

const contentSchema = z.record(z.string(), z.array(refSchema));

/** What the platform has put into a cluster, by stage: so that it can be taken out again. */
export type Inventory = Readonly<Record<string, readonly ObjectRef[]>>;

export interface Kept {
  readonly inventory: Inventory;
  /** Stages that were healthy once: what is half installed has nothing to lose, and no gate stands before it. */
  readonly healthy: readonly string[];
}

/**
 * Kept in a ConfigMap of the cluster. A stage writes down what it is going to make before it makes it, so that a
 * command that was killed leaves nothing behind that no one knows.
 */
export function inventoryOf(cluster: Kubernetes, prefix: string) {
  const ref: ObjectRef = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: `platform-${prefix}`, namespace: NAMESPACE },
  };
  return {
    async read(): Promise<Kept> {
      const data = (await cluster.read(ref))?.['data'] as Record<string, string> | undefined;
      return {
        inventory: contentSchema.parse(JSON.parse(data?.['inventory'] ?? '{}')) as Inventory,
        healthy: z.array(z.string()).parse(JSON.parse(data?.['healthy'] ?? '[]')),
      };
    },
    async write({ inventory, healthy }: Kept): Promise<void> {
      const data = { inventory: JSON.stringify(inventory), healthy: JSON.stringify(healthy) };
      await cluster.apply({ ...ref, data } as unknown as Manifest, { force: true });
    },
    async remove(): Promise<void> {
      await cluster.remove(ref);
    },
  };
}

export function refOf({ apiVersion, kind, metadata }: Manifest): ObjectRef {
  const { name, namespace } = metadata ?? {};
  if (apiVersion === undefined || kind === undefined || name === undefined) {
    throw new RangeError(
      `an object without apiVersion, kind or name: ${JSON.stringify({ apiVersion, kind, name })}`,
    );
  }
  return { apiVersion, kind, metadata: { name, ...(namespace !== undefined && { namespace }) } };
}

/** The same for any version of a kind: an object that moves to a newer one is still the same object. */
export function keyOf({ apiVersion, kind, metadata }: ObjectRef): string {
  const group = apiVersion.includes('/') ? apiVersion.split('/')[0] : '';
  return [group, kind, metadata.namespace ?? '', metadata.name].join('|');
}

/** The refs that are known and no longer wanted, in any stage. */
export function surplus(inventory: Inventory, wanted: readonly ObjectRef[]): ObjectRef[] {
  const kept = new Set(wanted.map(keyOf));
  return Object.values(inventory)
    .flat()
    .filter(ref => !kept.has(keyOf(ref)));
}
