import type { AudioMessage, Envelope, ImageMessage, Result } from '../contract/index.js';

export type Said = AudioMessage | ImageMessage;

/** A message that no service could even begin to work on, as its dead letter tells. */
export interface DeadLetter extends Pick<Envelope, 'id' | 'thread' | 'author' | 'createdAt'> {
  /** What the dead letter was once meant to be. */
  readonly kind: Said['kind'];
  readonly code: string;
  readonly reason: string;
}

/** One message of the log, as far as it concerns a thread. */
export type Part =
  | { readonly of: 'message'; readonly message: Said }
  | { readonly of: 'result'; readonly result: Result }
  | { readonly of: 'dead'; readonly dead: DeadLetter };

/** All that the log says about one message of a thread. Its parts come from several topics, in any order. */
export interface Entry {
  readonly id: string;
  readonly thread: string;
  readonly author: string;
  readonly createdAt: string;
  readonly message?: Said;
  readonly result?: Result;
  readonly dead?: DeadLetter;
  /** Id of the message that is another attempt at this one; then this one is no longer shown. */
  readonly replacedBy?: string;
}

/** The id, thread, author and time that a part tells. */
export function envelopeOf(part: Part): Pick<Entry, 'id' | 'thread' | 'author' | 'createdAt'> {
  const source = part.of === 'message' ? part.message : part.of === 'result' ? part.result : part.dead;
  const { id, thread, author, createdAt } = source;
  return { id, thread, author, createdAt };
}

/**
 * The entry with one part more. However the topics interleave and however often a part comes, the same entry is the
 * end of it: of each kind of part the first counts, speech before pictures, and who said it is known best by the
 * message itself, then by its result, then by its dead letter.
 *
 * @returns undefined when the part changes nothing
 */
export function withPart(entry: Entry | undefined, part: Part): Entry | undefined {
  if (entry !== undefined && !counts(entry, part)) return undefined;
  const parts = {
    ...(entry?.replacedBy && { replacedBy: entry.replacedBy }),
    ...(entry?.message && { message: entry.message }),
    ...(entry?.result && { result: entry.result }),
    ...(entry?.dead && { dead: entry.dead }),
    ...(part.of === 'message' && { message: part.message }),
    ...(part.of === 'result' && { result: part.result }),
    ...(part.of === 'dead' && { dead: part.dead }),
  };
  const { id, thread, author, createdAt } = parts.message ?? parts.result ?? parts.dead ?? envelopeOf(part);
  return { id, thread, author, createdAt, ...parts };
}

/**
 * The entries that change by these parts, in the order of the log.
 *
 * @param known every entry that the parts name
 */
export function changedBy(parts: readonly Part[], known: Iterable<Entry>): Entry[] {
  const entries = new Map([...known].map(entry => [entry.id, entry]));
  const changed = new Set<string>();
  const set = (entry: Entry) => {
    entries.set(entry.id, entry);
    changed.add(entry.id);
  };
  for (const part of parts) {
    const { id } = envelopeOf(part);
    const entry = withPart(entries.get(id), part);
    if (entry === undefined) continue;
    set(entry);
    const failed = replacedBy(part, entries);
    if (failed) set({ ...failed, replacedBy: id });
  }
  return [...changed].flatMap(id => entries.get(id) ?? []);
}

/** Ids of the entries that a part may change. */
export function namedBy(part: Part): string[] {
  const { id } = envelopeOf(part);
  const replaces = part.of === 'message' ? part.message.replaces : undefined;
  return replaces === undefined ? [id] : [id, replaces];
}

/** Only its author may replace what failed, where it was said, and by the like: then one topic has both, in order. */
function replacedBy(part: Part, entries: ReadonlyMap<string, Entry>): Entry | undefined {
  if (part.of !== 'message') return undefined;
  const { replaces, author, thread, kind } = part.message;
  const failed = entries.get(replaces ?? '');
  const same = failed?.author === author && failed.thread === thread && failed.message?.kind === kind;
  return same ? failed : undefined;
}

function counts(entry: Entry, part: Part): boolean {
  switch (part.of) {
    case 'message':
      return entry.message === undefined || comesBefore(part.message, entry.message);
    case 'result':
      return entry.result === undefined;
    case 'dead':
      return entry.dead === undefined || comesBefore(part.dead, entry.dead);
  }
}

/** Two topics could name the same id; then the order of their names decides, for there is no order between topics. */
function comesBefore(part: Pick<Said, 'kind'>, other: Pick<Said, 'kind'>): boolean {
  return part.kind === 'audio' && other.kind === 'image';
}
