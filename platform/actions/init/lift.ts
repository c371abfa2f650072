import { isMap, isScalar, isSeq, type Node, parseDocument } from 'yaml';
import { isMapping, valueAt } from '../../../charts/helm/shape.js';
import { type Release, readValues } from '../../checks/index.js';
import { type Finding, PlatformError } from '../../errors.js';
import { saysScheme } from './balancer.js';
import type { Lifted } from './lifted.js';
import { type Around, liftOne } from './lifts.js';

/** What became of one value of somebody's file. */
export interface LiftLine {
  /** Line in the values file, 1-based. */
  readonly line: number;
  /** Path of the value, dotted. */
  readonly path: string;
  /** Where it is in platform.yaml now. Absent when it was not lifted. */
  readonly became?: string;
  /** Why it was not lifted, or why it need not be. */
  readonly why?: string;
  /** What is otherwise than in the file, though it was lifted. */
  readonly note?: string;
}

export interface Lift {
  /** Settings of platform.yaml, by dotted path. */
  readonly settings: ReadonlyMap<string, unknown>;
  /** Every value of the file, line by line. */
  readonly lines: readonly LiftLine[];
}

/** An existing values file of the Pulsar chart → what of it platform.yaml can say. Pure. */
export function lift(text: string, file: string): Lift {
  const { read, findings } = readValues(text, file);
  if (read === undefined) throw unreadable(file, findings);
  const settings = new Map<string, unknown>();
  const around = aroundOf(read.values);
  const lines = leavesOf(parseDocument(text, { merge: true }).contents, [], read).map((leaf): LiftLine => {
    const lifted: Lifted = liftOne(leaf.path, leaf.value, around);
    const place = { line: leaf.line, path: leaf.path.join('.') };
    if (lifted.kind === 'not') return { ...place, why: lifted.why };
    if (lifted.kind === 'always') return { ...place, became: 'always so', why: lifted.why };
    for (const [path, value] of lifted.settings) settings.set(path, value);
    return {
      ...place,
      became: lifted.settings.map(([path, value]) => `${path}: ${JSON.stringify(value)}`).join(', '),
      ...(lifted.note !== undefined && { note: lifted.note }),
    };
  });
  return { settings, lines };
}

function aroundOf(values: unknown): Around {
  const annotations = valueAt(values, ['proxy', 'service', 'annotations']);
  return {
    // Charts before 4.0 made one unasked.
    balanced: (valueAt(values, ['proxy', 'service', 'type']) ?? 'LoadBalancer') === 'LoadBalancer',
    scheme: isMapping(annotations) && Object.keys(annotations).some(saysScheme),
  };
}

interface LeafAt {
  readonly path: readonly string[];
  readonly value: unknown;
  readonly line: number;
}

/** Every scalar, list and empty mapping, in the order of the file. */
function leavesOf(node: Node | null, path: readonly string[], release: Release): LeafAt[] {
  if (isMap(node) && node.items.length > 0) {
    return node.items.flatMap(({ key, value }) =>
      leavesOf(value as Node | null, [...path, String(isScalar(key) ? key.value : key)], release),
    );
  }
  if (path.length === 0) return [];
  const value: unknown = isScalar(node) ? node.value : isSeq(node) || isMap(node) ? node.toJSON() : null;
  return [{ path, value, line: release.where(path).line ?? 1 }];
}

function unreadable(file: string, findings: readonly Finding[]): PlatformError {
  return new PlatformError('ValuesUnreadable', `${file} cannot be read`, { findings, refused: true });
}
