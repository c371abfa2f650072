import { isMapping, valueAt } from '../../../charts/helm/shape.js';
import type { PlacedObject } from '../artifacts.js';
import { namespaceOf, ofKind, podTemplates, selects } from '../objects/reader.js';

/** A budget, and how many pods it is for. */
export interface Budget {
  readonly at: PlacedObject;
  readonly path: readonly string[];
  readonly saw: unknown;
  /** Pods that are selected; undefined where none of the objects makes them. */
  readonly replicas: number | undefined;
  /** Pods that may be away at once; undefined where it cannot be told. */
  readonly allows: number | undefined;
  /** Label `component` of its pods. */
  readonly component: string | undefined;
}

export function budgetsOf(objects: readonly PlacedObject[]): Budget[] {
  const templates = podTemplates(objects);
  return ofKind(objects, 'PodDisruptionBudget').map(at => {
    const spec = valueAt(at.object, ['spec']);
    const { maxUnavailable, minAvailable, selector } = isMapping(spec) ? spec : {};
    const selected = templates.filter(
      ({ namespace, labels }) => namespace === namespaceOf(at.object) && selects(selector, labels),
    );
    const replicas = selected.length > 0 ? selected.reduce((sum, item) => sum + item.replicas, 0) : undefined;
    const key = maxUnavailable === undefined ? 'minAvailable' : 'maxUnavailable';
    const label = valueAt(selector, ['matchLabels', 'component']);
    return {
      at,
      path: ['spec', key],
      saw: maxUnavailable ?? minAvailable,
      replicas,
      allows:
        maxUnavailable === undefined
          ? replicas === undefined
            ? undefined
            : replicas - count(minAvailable, replicas)
          : count(maxUnavailable, replicas),
      component: typeof label === 'string' ? label : undefined,
    };
  });
}

/** `2` or `25%` of the replicas, rounded up as Kubernetes does. */
export function count(value: unknown, replicas: number | undefined): number {
  const text = String(value ?? 0);
  if (!text.endsWith('%')) return Number(text);
  const share = Number(text.slice(0, -1));
  return replicas === undefined ? Number(share > 0) : Math.ceil((share * replicas) / 100);
}
