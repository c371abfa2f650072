import type { Rebuilt } from '../actions/demo/rebuild-thread.js';
import type { Lesson } from '../actions/demo/subscriptions/index.js';
import { deathOf, HEAD, lessonOf, rowsOf } from '../actions/demo/subscriptions/words.js';
import { table } from './table.js';

/** The lesson for people: two tables that fit a terminal, what one sees in them, where the plot is. */
export function lessonText({ facts, files }: Lesson): string {
  const rows = rowsOf(facts);
  const columns = (...indices: readonly number[]) =>
    table(
      indices.map(index => HEAD[index] ?? ''),
      rows.map(row => indices.map(index => row[index] ?? '')),
    );
  return [
    columns(0, 1, 2, 3, 4),
    columns(0, 5, 6, 7, 8, 9),
    facts.map(fact => `${fact.type.padEnd(11)} ${lessonOf(fact)}`).join('\n'),
    deathOf(facts),
    `plot  ${files.svg}\npage  ${files.html}`,
  ].join('\n\n');
}

export function rebuiltText({ same, entries, different, replaced }: Rebuilt): string {
  if (same) return `${entries.after} entries rebuilt from the log, byte for byte what was shown`;
  return [
    `${entries.before} entries before, ${entries.after} rebuilt; ${different.length} differ: ${different.slice(0, 5).join(', ')}`,
    replaced
      ? 'the new view is shown'
      : 'the old view stays: the log no longer holds all of it (--force shows the new one)',
  ].join('\n');
}
