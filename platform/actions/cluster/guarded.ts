import type { ObjectRef } from '../../edges/kubernetes.js';
import { NAMESPACES, TRUST_NAME } from '../../plan/index.js';

/** With a namespace its disks would go, with a CRD every object of its kind. */
const GUARDED = new Set([
  'Namespace',
  'PersistentVolumeClaim',
  'PersistentVolume',
  'CustomResourceDefinition',
  'Secret',
]);

/** Whether an object holds data or trust: nothing deletes it unless a person types its name. */
export function holdsData({ kind, metadata }: ObjectRef): boolean {
  // The bundle of roots is public, and the plan's own.
  return GUARDED.has(kind) && metadata.name !== TRUST_NAME;
}

/** What no change of the config takes away by itself: without its sets Pulsar begins anew, with nothing in it. */
export function stays(ref: ObjectRef): boolean {
  return holdsData(ref) || (ref.kind === 'StatefulSet' && ref.metadata.namespace === NAMESPACES.pulsar);
}
