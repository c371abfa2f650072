import { type Document, isMap, isNode, LineCounter, parseDocument } from 'yaml';
import type { Where } from '../errors.js';

export type Path = readonly (string | number)[];

/** A YAML text with its places: what a finding needs to name line and column. */
export interface Source {
  readonly file: string;
  readonly document: Document;
  readonly lines: LineCounter;
}

export function readSource(text: string, file: string): Source {
  const lines = new LineCounter();
  return {
    file,
    // Tags would make sets, dates and other things that no key is looked for in.
    document: parseDocument(text, {
      lineCounter: lines,
      prettyErrors: false,
      merge: true,
      resolveKnownTags: false,
    }),
    lines,
  };
}

export function placeOf({ file, lines }: Source, offset: number): Where {
  const { line, col } = lines.linePos(offset);
  return { file, line, column: col };
}

/** The place of a path: in the environment's overrides where they hold it, else in the base, else its nearest parent. */
export function locate(source: Source, path: Path, environment?: string): Where {
  const roots = environment === undefined ? [[]] : [['environments', environment], []];
  for (let length = path.length; length > 0; length -= 1) {
    const parent = path.slice(0, length);
    for (const root of roots) {
      const offset = offsetOf(source.document, [...root, ...parent]);
      if (offset !== undefined) return { ...placeOf(source, offset), path: [...root, ...path].join('.') };
    }
  }
  return { file: source.file, line: 1, column: 1, path: path.join('.') };
}

/** Offset of the key of a path (of the item, in a list), or undefined when the document does not hold it. */
function offsetOf(document: Document, path: Path): number | undefined {
  const parent = path.length === 1 ? document.contents : document.getIn(path.slice(0, -1), true);
  const last = path.at(-1);
  if (isMap(parent)) {
    const pair = parent.items.find(item => String(item.key) === String(last));
    return isNode(pair?.key) ? pair.key.range?.[0] : undefined;
  }
  const node = document.getIn(path, true);
  return isNode(node) ? node.range?.[0] : undefined;
}
