import { isMapping, valueAt } from '../../../charts/helm/shape.js';
import type { KubernetesObject, Path, PlacedObject } from '../artifacts.js';

type Mapping = Readonly<Record<string, unknown>>;

/** Path of the pod template in objects that have one. */
const TEMPLATES: Readonly<Record<string, readonly string[]>> = {
  Pod: [],
  Deployment: ['spec', 'template'],
  StatefulSet: ['spec', 'template'],
  DaemonSet: ['spec', 'template'],
  ReplicaSet: ['spec', 'template'],
  Job: ['spec', 'template'],
  CronJob: ['spec', 'jobTemplate', 'spec', 'template'],
};

export interface Container {
  readonly name: string;
  readonly path: Path;
  readonly spec: Mapping;
}

/** Pods that an object makes. */
export interface PodTemplate {
  readonly at: PlacedObject;
  /** Path of its spec. */
  readonly path: Path;
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly spec: Mapping;
  readonly containers: readonly Container[];
  readonly replicas: number;
}

export function ofKind(objects: readonly PlacedObject[], ...kinds: readonly string[]): PlacedObject[] {
  return objects.filter(({ object }) => kinds.includes(object.kind));
}

export function namespaceOf({ metadata }: KubernetesObject): string {
  return metadata.namespace ?? 'default';
}

export function podTemplates(objects: readonly PlacedObject[]): PodTemplate[] {
  return objects.flatMap(at => {
    const { object } = at;
    const base = TEMPLATES[object.kind];
    const template = base && valueAt(object, base);
    const spec = valueAt(template, ['spec']);
    if (base === undefined || !isMapping(spec)) return [];
    const path = [...base, 'spec'];
    return [
      {
        at,
        path,
        namespace: namespaceOf(object),
        labels: texts(valueAt(template, ['metadata', 'labels'])),
        spec,
        containers: ['containers', 'initContainers'].flatMap(list =>
          mappings(spec[list]).map((container, index) => ({
            name: String(container['name'] ?? index),
            path: [...path, list, index],
            spec: container,
          })),
        ),
        replicas: Number(valueAt(object, ['spec', 'replicas']) ?? 1),
      },
    ];
  });
}

export function mappings(value: unknown): Mapping[] {
  return Array.isArray(value) ? value.filter(isMapping) : [];
}

export function texts(value: unknown): Readonly<Record<string, string>> {
  return isMapping(value)
    ? Object.fromEntries(Object.entries(value).map(([key, text]) => [key, String(text)]))
    : {};
}

/** Whether a label selector selects labels. An empty one selects everything, a missing one nothing. */
export function selects(selector: unknown, labels: Readonly<Record<string, string>>): boolean {
  if (!isMapping(selector)) return false;
  const matches = Object.entries(texts(selector['matchLabels'])).every(
    ([key, value]) => labels[key] === value,
  );
  return matches && mappings(selector['matchExpressions']).every(expression => fits(expression, labels));
}

function fits({ key, operator, values }: Mapping, labels: Readonly<Record<string, string>>): boolean {
  const label = labels[String(key)];
  const listed = Array.isArray(values) && label !== undefined && values.map(String).includes(label);
  switch (operator) {
    case 'In':
      return listed;
    case 'NotIn':
      return !listed;
    case 'Exists':
      return label !== undefined;
    case 'DoesNotExist':
      return label === undefined;
    default:
      return false;
  }
}

/** Variables of a container that are written out. */
export function envOf({
  spec,
}: Container): { readonly name: string; readonly value: string; readonly index: number }[] {
  return mappings(spec['env']).flatMap(({ name, value }, index) =>
    typeof value === 'string' ? [{ name: String(name), value, index }] : [],
  );
}
