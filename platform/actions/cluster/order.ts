import type { ObjectRef } from '../../edges/kubernetes.js';

/** What others refer to comes first; webhooks, which can refuse everything, come last. */
const ORDER = [
  ['Namespace'],
  ['CustomResourceDefinition', 'PriorityClass', 'StorageClass'],
  [
    'ServiceAccount',
    'ClusterRole',
    'Role',
    'ClusterRoleBinding',
    'RoleBinding',
    'ResourceQuota',
    'LimitRange',
  ],
  ['NetworkPolicy'],
  ['ConfigMap', 'Secret', 'PersistentVolumeClaim'],
  ['Service', 'PodDisruptionBudget'],
] as const;

const LAST = ['ValidatingWebhookConfiguration', 'MutatingWebhookConfiguration', 'APIService'];

/** Objects in groups; those of one group can be applied side by side. Deletion goes the other way round. */
export function inOrder<T extends Pick<ObjectRef, 'kind'>>(objects: readonly T[]): T[][] {
  const groups = new Map<number, T[]>();
  for (const object of objects) {
    const rank = rankOf(object.kind);
    groups.set(rank, [...(groups.get(rank) ?? []), object]);
  }
  return [...groups].sort(([a], [b]) => a - b).map(([, group]) => group);
}

function rankOf(kind: string): number {
  if (LAST.includes(kind)) return ORDER.length + 1;
  const rank = ORDER.findIndex(kinds => (kinds as readonly string[]).includes(kind));
  return rank < 0 ? ORDER.length : rank;
}
