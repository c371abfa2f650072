import { type Kysely, type Selectable, sql } from 'kysely';
import type { Database } from '../database/index.js';
import type { Entry } from './entry.js';
import { TOPICS, type Topic } from './parts.js';
import { entryOf } from './rows.js';
import { findTexts } from './search.js';
import type { Tables } from './tables.js';

/** How far each topic was read, by the id of its last message; a topic of which nothing was read is missing. */
export type Positions = Readonly<Partial<Record<Topic, string>>>;

/** Where a page begins: at the newest entry, before or after one, or around one. */
export type Cursor =
  | { readonly at: 'newest' }
  | { readonly at: 'before' | 'after' | 'around'; readonly id: string };

export interface Page {
  /** Oldest first. */
  readonly entries: readonly Entry[];
  readonly hasBefore: boolean;
  readonly hasAfter: boolean;
  /** Everything up to here is in the page; what came later may be. */
  readonly positions: Positions;
}

/** What was found, newest first. */
export interface Found {
  readonly entries: readonly Entry[];
  /** Whether more is found before the last of them. */
  readonly hasBefore: boolean;
}

/** Of so many threads at most the service is asked at once. */
export const MAX_THREADS_ASKED = 1_000;

/** What people read: threads, as far as the log was read. */
export interface View {
  positions(): Promise<Positions>;
  page(thread: string, cursor: Cursor, limit: number): Promise<Page>;
  /** The newest entry of each thread that has one. */
  newest(threads: readonly string[]): Promise<Readonly<Record<string, Entry>>>;
  /** What is known of one message, also when another one has replaced it. */
  entry(id: string): Promise<Entry | undefined>;
  /** Entries in whose transcripts every word occurs, newest first; the last word may be unfinished. */
  search(threads: readonly string[], query: string, limit: number, before?: string): Promise<Found>;
}

export function viewOf({ db, kind }: Pick<Database<Tables>, 'db' | 'kind'>): View {
  const shown = async () =>
    (await db.selectFrom('view_state').select('generation').executeTakeFirstOrThrow()).generation;

  const entries = (generation: number) =>
    db
      .selectFrom('view_entries')
      .selectAll()
      .where('generation', '=', generation)
      .where('replaced_by', 'is', null);

  async function older(generation: number, thread: string, limit: number, id?: string, inclusive = false) {
    const rows = await entries(generation)
      .where('thread', '=', thread)
      .$if(id !== undefined, query => query.where('id', inclusive ? '<=' : '<', id ?? ''))
      .orderBy('id', 'desc')
      .limit(limit + 1)
      .execute();
    return { entries: rows.slice(0, limit).reverse().map(entryOf), more: rows.length > limit };
  }

  async function newer(generation: number, thread: string, limit: number, id: string) {
    const rows = await entries(generation)
      .where('thread', '=', thread)
      .where('id', '>', id)
      .orderBy('id', 'asc')
      .limit(limit + 1)
      .execute();
    return { entries: rows.slice(0, limit).map(entryOf), more: rows.length > limit };
  }

  async function pageAt(generation: number, thread: string, cursor: Cursor, limit: number) {
    switch (cursor.at) {
      case 'newest': {
        const { entries: found, more } = await older(generation, thread, limit);
        return { entries: found, hasBefore: more, hasAfter: false };
      }
      case 'before': {
        const { entries: found, more } = await older(generation, thread, limit, cursor.id);
        return { entries: found, hasBefore: more, hasAfter: true };
      }
      case 'after': {
        const { entries: found, more } = await newer(generation, thread, limit, cursor.id);
        return { entries: found, hasBefore: true, hasAfter: more };
      }
      case 'around': {
        const half = Math.ceil(limit / 2);
        const before = await older(generation, thread, half, cursor.id, true);
        const after = await newer(generation, thread, half, cursor.id);
        return {
          entries: [...before.entries, ...after.entries],
          hasBefore: before.more,
          hasAfter: after.more,
        };
      }
    }
  }

  return {
    positions: async () => positionsOf(db, await shown()),
    page: async (thread, cursor, limit) => {
      const generation = await shown();
      // Read first: what comes in between is in the page, and comes once more as an event, which does no harm.
      const positions = await positionsOf(db, generation);
      return { ...(await pageAt(generation, thread, cursor, limit)), positions };
    },
    newest: async threads => {
      const generation = await shown();
      // One look into the index for each thread, in one question.
      const list = JSON.stringify(threads);
      const asked =
        kind === 'sqlite' ? sql`json_each(${list})` : sql`json_array_elements_text(${list}::json)`;
      const { rows } = await sql<Selectable<Tables['view_entries']>>`
        select entry.* from ${asked} as asked join view_entries as entry
        on entry.generation = ${generation} and entry.id = (
          select id from view_entries
          where generation = ${generation} and thread = asked.value and replaced_by is null
          order by id desc limit 1
        )`.execute(db);
      return Object.fromEntries(rows.map(row => [row.thread, entryOf(row)]));
    },
    entry: async id => {
      const row = await db
        .selectFrom('view_entries')
        .selectAll()
        .where('generation', '=', await shown())
        .where('id', '=', id)
        .executeTakeFirst();
      return row && entryOf(row);
    },
    search: async (threads, query, limit, before) => {
      const generation = await shown();
      const found = await findTexts(kind, db, { generation, threads, query, before, limit: limit + 1 });
      const ids = found.slice(0, limit);
      if (ids.length === 0) return { entries: [], hasBefore: false };
      const rows = await entries(generation).where('id', 'in', ids).orderBy('id', 'desc').execute();
      return { entries: rows.map(entryOf), hasBefore: found.length > limit };
    },
  };
}

export async function positionsOf(db: Kysely<Tables>, generation: number): Promise<Positions> {
  const rows = await db
    .selectFrom('view_positions')
    .select(['topic', 'position'])
    .where('generation', '=', generation)
    .execute();
  const found = new Map(rows.map(({ topic, position }) => [topic, position]));
  return Object.fromEntries(TOPICS.flatMap(topic => (found.has(topic) ? [[topic, found.get(topic)]] : [])));
}
