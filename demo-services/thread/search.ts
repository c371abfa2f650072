import { type Kysely, sql } from 'kysely';
import type { DatabaseKind } from '../database/index.js';
import type { Tables } from './tables.js';

/** More words than anybody searches for. */
const MAX_WORDS = 16;

/**
 * The words of a text, without capitals; what is neither letter nor digit only parts them. Done here for texts and
 * queries alike, because databases know only the letters of the language that they are set to.
 */
export function wordsOf(text: string): string[] {
  return (
    text
      .normalize('NFC')
      .toLowerCase()
      .match(/[\p{L}\p{N}\p{M}]+/gu) ?? []
  );
}

export interface Search {
  readonly generation: number;
  readonly threads: readonly string[];
  readonly query: string;
  /** Only what is older than this id. */
  readonly before?: string | undefined;
  readonly limit: number;
}

/**
 * Ids of the entries that are shown and whose text has every word, newest first. The last word may be the beginning of
 * one. What is not shown is left out here: leaving it out of a page would make the page look like the last.
 */
export async function findTexts(kind: DatabaseKind, db: Kysely<Tables>, search: Search): Promise<string[]> {
  const { generation, threads, before, limit } = search;
  const words = wordsOf(search.query).slice(0, MAX_WORDS);
  if (words.length === 0 || threads.length === 0) return [];
  const rows = await db
    .selectFrom('view_texts')
    .innerJoin('view_entries', join =>
      join
        .onRef('view_entries.generation', '=', 'view_texts.generation')
        .onRef('view_entries.id', '=', 'view_texts.id'),
    )
    .select('view_texts.id')
    .where(kind === 'sqlite' ? matchesSqlite(words) : matchesPostgres(words))
    .where('view_texts.generation', '=', generation)
    .where('view_texts.thread', 'in', threads)
    .where('view_entries.replaced_by', 'is', null)
    .$if(before !== undefined, query => query.where('view_texts.id', '<', before ?? ''))
    .orderBy('view_texts.id', 'desc')
    .limit(limit)
    .execute();
  return rows.map(({ id }) => id);
}

/** Words hold letters and digits only, so that nothing of a query is read as an operator. */
function matchesSqlite(words: readonly string[]) {
  const quoted = words.map(word => `"${word}"`).join(' ');
  return sql<boolean>`view_texts match ${`text : (${quoted} *)`}`;
}

function matchesPostgres(words: readonly string[]) {
  const query = words.map((word, i) => (i === words.length - 1 ? `${word}:*` : word)).join(' & ');
  return sql<boolean>`words @@ to_tsquery('simple', ${query})`;
}
