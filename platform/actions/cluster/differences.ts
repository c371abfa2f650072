import { isDeepStrictEqual } from 'node:util';
import type { Manifest, ObjectRef } from '../../edges/kubernetes.js';
import type { Finding } from '../../errors.js';

/** One field that differs. An absent side was, or will be, not there. */
export interface FieldChange {
  /** `spec.template.spec.containers[web].image` */
  readonly path: string;
  readonly before?: unknown;
  readonly after?: unknown;
}

/**
 * What a change means for those who use the platform:
 * - `restarts`: the pods of it are replaced, as its update strategy says
 * - `immutable`: the object must be deleted and made anew
 * - `data at risk`: it deletes, or lets go of, something that holds data
 * - `costs`: it changes what is paid for
 */
export type Mark = 'restarts' | 'immutable' | 'data at risk' | 'costs';

export interface ObjectChange {
  readonly ref: ObjectRef;
  readonly action: 'create' | 'change' | 'delete';
  readonly fields: readonly FieldChange[];
  readonly marks: readonly Mark[];
  /** Why something of it stays as it is, though the config wants something else. @default - nothing does */
  readonly finding?: Finding;
}

/** What the API server writes itself, or what says nothing about what an object does. */
const BOOKKEEPING = [
  'status',
  'metadata.managedFields',
  'metadata.resourceVersion',
  'metadata.uid',
  'metadata.generation',
  'metadata.creationTimestamp',
  'metadata.selfLink',
];

/** Two states of an object, as the API server gives them → the fields that differ, sorted by path. */
export function fieldChanges(before: Manifest, after: Manifest): FieldChange[] {
  const changes = compare('', before, after).filter(
    ({ path }) =>
      !BOOKKEEPING.some(skip => path === skip || path.startsWith(`${skip}.`) || path.startsWith(`${skip}[`)),
  );
  const secret = after.kind === 'Secret';
  return changes
    .map(change => (secret && /^(data|stringData)(\.|$)/.test(change.path) ? hidden(change) : change))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}

export function marksOf(
  ref: ObjectRef,
  action: ObjectChange['action'],
  fields: readonly FieldChange[],
): Mark[] {
  const touches = (pattern: RegExp) => fields.some(({ path }) => pattern.test(path));
  const marks: Mark[] = [];
  if (action === 'change' && ROLLS.includes(ref.kind) && touches(/^spec\.template\./)) marks.push('restarts');
  if (action === 'delete' && HOLDS_DATA.includes(ref.kind)) marks.push('data at risk');
  if (ref.kind === 'StatefulSet' && fields.some(shrinks)) marks.push('data at risk');
  if (PAID.includes(ref.kind) && (action !== 'change' || touches(/^spec\./))) marks.push('costs');
  else if (touches(/^spec\.(replicas|minReplicas|maxReplicas|minReplicaCount|maxReplicaCount)$/))
    marks.push('costs');
  else if (ref.kind === 'Service' && fields.some(isBalancer)) marks.push('costs');
  return marks;
}

const ROLLS = ['Deployment', 'StatefulSet', 'DaemonSet'];
const HOLDS_DATA = ['PersistentVolumeClaim', 'PersistentVolume', 'StatefulSet', 'Namespace', 'Secret'];
/** Kinds of which each object, or its size, is on the bill. */
const PAID = ['PersistentVolumeClaim', 'NodePool', 'EC2NodeClass'];

function shrinks({ path, before, after }: FieldChange): boolean {
  return (
    path === 'spec.replicas' && typeof before === 'number' && typeof after === 'number' && after < before
  );
}

function isBalancer({ path, before, after }: FieldChange): boolean {
  return path === 'spec.type' && [before, after].includes('LoadBalancer');
}

function hidden({ path, before, after }: FieldChange): FieldChange {
  const shown = (value: unknown) => (value === undefined ? {} : '(secret)');
  return {
    path,
    ...(before !== undefined && { before: shown(before) }),
    ...(after !== undefined && { after: shown(after) }),
  };
}

function compare(path: string, before: unknown, after: unknown): FieldChange[] {
  if (isDeepStrictEqual(before, after)) return [];
  const left = childrenOf(before);
  const right = childrenOf(after);
  if (left === undefined || right === undefined) {
    return [{ path, ...(before !== undefined && { before }), ...(after !== undefined && { after }) }];
  }
  const keys = [...new Set([...left.keys(), ...right.keys()])];
  return keys.flatMap(key => compare(joined(path, key), left.get(key), right.get(key)));
}

function joined(path: string, key: string): string {
  return path === '' || key.startsWith('[') ? `${path}${key}` : `${path}.${key}`;
}

/** The parts of a mapping by key, of a list by the name of each item, where each has one, else by position. */
function childrenOf(value: unknown): Map<string, unknown> | undefined {
  if (Array.isArray(value)) {
    const names = value.map(nameOf);
    const byName = names.every(name => name !== undefined) && new Set(names).size === names.length;
    return new Map(value.map((item, index) => [`[${byName ? names[index] : index}]`, item]));
  }
  if (typeof value !== 'object' || value === null) return undefined;
  return new Map(Object.entries(value));
}

function nameOf(item: unknown): string | undefined {
  if (typeof item !== 'object' || item === null) return undefined;
  const { name, key } = item as { name?: unknown; key?: unknown };
  return typeof name === 'string' ? name : typeof key === 'string' ? key : undefined;
}
