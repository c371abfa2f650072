import { type Kysely, type Migration, sql } from 'kysely';
import type { DatabaseKind } from '../database/index.js';

/** The view is kept in generations, so that a new one can be built from the log while people read the old one. */
export interface Tables {
  readonly view_state: {
    readonly id: number;
    /** The generation that is shown. */
    readonly generation: number;
    /** While it is being rebuilt, until this time at the latest, nothing is added to it. RFC 3339. */
    readonly frozen_until: string | null;
  };
  /** How far each topic has been read. */
  readonly view_positions: {
    readonly generation: number;
    readonly topic: string;
    /** Id of the last message that is in the view. */
    readonly position: string;
  };
  readonly view_entries: {
    readonly generation: number;
    readonly id: string;
    readonly thread: string;
    readonly author: string;
    readonly created_at: string;
    /** JSON of the parts. */
    readonly message: string | null;
    readonly result: string | null;
    readonly dead: string | null;
    /** Id of the message that is another attempt at this one. */
    readonly replaced_by: string | null;
  };
  /** What was said, as words parted by spaces, to be searched. */
  readonly view_texts: {
    readonly generation: number;
    readonly id: string;
    readonly thread: string;
    readonly text: string;
  };
}

/** Ids are compared by their bytes, in every language that a server may be set to. */
function idType(kind: DatabaseKind) {
  return kind === 'postgres' ? sql`text collate "C"` : sql`text`;
}

export function migrations(kind: DatabaseKind): Readonly<Record<string, Migration>> {
  const id = idType(kind);
  return {
    '1-entries': {
      up: async db => {
        await db.schema
          .createTable('view_state')
          .addColumn('id', 'integer', column => column.primaryKey())
          .addColumn('generation', 'integer', column => column.notNull())
          .addColumn('frozen_until', 'text')
          .execute();
        await db.insertInto('view_state').values({ id: 1, generation: 1, frozen_until: null }).execute();
        await db.schema
          .createTable('view_positions')
          .addColumn('generation', 'integer', column => column.notNull())
          .addColumn('topic', 'text', column => column.notNull())
          .addColumn('position', 'text', column => column.notNull())
          .addPrimaryKeyConstraint('view_positions_key', ['generation', 'topic'])
          .execute();
        await db.schema
          .createTable('view_entries')
          .addColumn('generation', 'integer', column => column.notNull())
          .addColumn('id', id, column => column.notNull())
          .addColumn('thread', id, column => column.notNull())
          .addColumn('author', 'text', column => column.notNull())
          .addColumn('created_at', 'text', column => column.notNull())
          .addColumn('message', 'text')
          .addColumn('result', 'text')
          .addColumn('dead', 'text')
          .addColumn('replaced_by', id)
          .addPrimaryKeyConstraint('view_entries_key', ['generation', 'id'])
          .execute();
        await db.schema
          .createIndex('view_entries_by_thread')
          .on('view_entries')
          .columns(['generation', 'thread', 'id'])
          .execute();
        await createTexts(db, kind);
      },
    },
  };
}

async function createTexts(db: Kysely<unknown>, kind: DatabaseKind): Promise<void> {
  if (kind === 'sqlite') {
    await sql`
      create virtual table view_texts using fts5(
        generation unindexed, id unindexed, thread unindexed, text,
        tokenize = 'unicode61 remove_diacritics 0'
      )`.execute(db);
    return;
  }
  await sql`
    create table view_texts (
      generation integer not null,
      id text collate "C" not null,
      thread text collate "C" not null,
      text text not null,
      words tsvector generated always as (to_tsvector('simple', text)) stored,
      primary key (generation, id)
    )`.execute(db);
  await sql`create index view_texts_words on view_texts using gin (words)`.execute(db);
}
