import type { Kubernetes, ObjectRef } from '../../edges/kubernetes.js';

/** The values of a Secret as text, or of a ConfigMap as they are; empty when it is not there. */
export async function dataOf(cluster: Kubernetes, ref: ObjectRef): Promise<Readonly<Record<string, string>>> {
  const data = ((await cluster.read(ref))?.['data'] ?? {}) as Readonly<Record<string, string>>;
  if (ref.kind !== 'Secret') return data;
  return Object.fromEntries(
    Object.entries(data).map(([key, value]) => [key, Buffer.from(value, 'base64').toString()]),
  );
}
