import { PlatformError } from '../../errors.js';

/** BookKeeper's shell is a JVM of its own, in the memory of the pod that it runs in. */
export const SHELL_MEMORY = '-Xmx128m -XX:MaxDirectMemorySize=128m';

// What BookKeeper's shell prints is lines of its log. Where none of level INFO is among them nothing was printed that
// could be read, and silence must not be taken for "none": whoever holds nothing may leave.

/** Ids of the bookies that `listbookies` names. Pure. */
export function bookiesIn(output: string): string[] {
  const ids = [...readable(output).matchAll(/\bBookieID:\s*([^\s,]+)/g)];
  return [...new Set(ids.map(([, id = '']) => id))];
}

/** Ledgers that `listledgers` names. Pure. */
export function ledgersIn(output: string): number[] {
  const ids = [...readable(output).matchAll(/\bledgerID:\s*(\d+)/g)];
  return [...new Set(ids.map(([, id]) => Number(id)))];
}

/** How many ledgers `listunderreplicated` has counted. Pure. */
export function underReplicatedIn(output: string): number {
  const [, count] = /Under replicated ledger count: (\d+)/.exec(readable(output)) ?? [];
  if (count === undefined) throw unreadable(output, 'a line with the count of under-replicated ledgers');
  return Number(count);
}

/** The ordinal of a StatefulSet's pod in a bookie's id, as a number. Pure. */
export function ordinalOf(bookieId: string): number {
  const [, ordinal] = /^[^.:]*-(\d+)(?:\.|:|$)/.exec(bookieId) ?? [];
  if (ordinal === undefined) throw unreadable(bookieId, 'bookies under the names of their pods');
  return Number(ordinal);
}

/** The id of another bookie of the same StatefulSet. Pure. */
export function siblingOf(bookieId: string, ordinal: number): string {
  return bookieId.replace(/^([^.:]*-)\d+/, `$1${ordinal}`);
}

function readable(output: string): string {
  if (/\bINFO\b/.test(output)) return output;
  throw unreadable(output, 'lines of level INFO');
}

function unreadable(output: string, want: string): PlatformError {
  return new PlatformError('ScaleUnreadable', "BookKeeper's shell does not say what must be known", {
    saw: output.trim().split('\n').slice(-2).join(' | ').slice(0, 300) || '(nothing)',
    want,
  });
}
