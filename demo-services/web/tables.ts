import { type Migration, sql } from 'kysely';
import { ulid } from 'ulid';
import type { DatabaseKind } from '../database/index.js';

/** What the front door keeps: who may come in, and what it has taken in. What was said is in the log. */
export interface Tables {
  readonly web_users: {
    readonly name: string;
    /** Hash; null for whoever signs in elsewhere. */
    readonly password: string | null;
    /** Issuer and subject of an OpenID provider. */
    readonly subject: string | null;
    readonly created_at: string;
  };
  readonly web_refresh: {
    /** SHA-256 of the token. */
    readonly hash: string;
    /** All tokens that came of one sign-in. */
    readonly family: string;
    readonly name: string;
    /** End of the family, ms since 1970. */
    readonly expires_at: number;
    /** When it was exchanged for the next one, ms since 1970. */
    readonly used_at: number | null;
    /** Issuer and session of an OpenID provider, where it names them: what it may end from afar. */
    readonly provider_session: string | null;
  };
  readonly web_threads: {
    readonly id: string;
    readonly title: string;
    readonly created_at: string;
    /**
     * Who began it. Null for threads from before this was kept: nobody takes others out of them, since nothing tells who
     * began them, or who of their members came first; whoever might do so by a guess could be the wrong one.
     */
    readonly creator: string | null;
  };
  readonly web_members: { readonly thread: string; readonly name: string };
  readonly web_uploads: {
    readonly id: string;
    readonly thread: string;
    readonly author: string;
    readonly kind: string;
    /** JSON of the object, as the message will name it. */
    readonly object: string;
    /** The message that names it. */
    readonly message: string | null;
    /** ms since 1970 */
    readonly created_at: number;
  };
  /** What was accepted under which key. */
  readonly web_messages: {
    readonly author: string;
    readonly key: string;
    readonly id: string;
    /** SHA-256 of thread and body. */
    readonly digest: string;
    /** ms since 1970 */
    readonly created_at: number;
  };
  /** What the log still lacks. Numbers have no gaps, and become visible in their order. */
  readonly web_outbox: {
    readonly topic: string;
    readonly number: number;
    readonly thread: string;
    readonly body: string;
    /** ms since 1970 */
    readonly created_at: number;
  };
  readonly web_counters: { readonly topic: string; readonly next: number };
  readonly web_state: {
    readonly id: number;
    /** Names this database to the broker's deduplication: another database starts its numbers anew. */
    readonly producer: string;
    /** Newest id of a message: ids grow in the order of the outbox, whatever the clocks do. */
    readonly last_id: string;
  };
  /** How far the live events were read, so that a process goes on where one has ended. */
  readonly web_positions: { readonly id: number; readonly positions: string; readonly at: number };
}

/** Topics that the outbox leads to. */
export const OUTBOX_TOPICS = ['audio', 'images', 'signals'] as const;
export type OutboxTopic = (typeof OUTBOX_TOPICS)[number];

export function migrations(kind: DatabaseKind): Readonly<Record<string, Migration>> {
  const text = kind === 'postgres' ? sql`text collate "C"` : sql`text`;
  return {
    '1-front-door': {
      up: async db => {
        await db.schema
          .createTable('web_users')
          .addColumn('name', text, column => column.primaryKey())
          .addColumn('password', 'text')
          .addColumn('subject', text, column => column.unique())
          .addColumn('created_at', 'text', column => column.notNull())
          .execute();
        await db.schema
          .createTable('web_refresh')
          .addColumn('hash', text, column => column.primaryKey())
          .addColumn('family', text, column => column.notNull())
          .addColumn('name', text, column => column.notNull())
          .addColumn('expires_at', 'bigint', column => column.notNull())
          .addColumn('used_at', 'bigint')
          .execute();
        await db.schema.createIndex('web_refresh_by_family').on('web_refresh').columns(['family']).execute();
        await db.schema
          .createTable('web_threads')
          .addColumn('id', text, column => column.primaryKey())
          .addColumn('title', 'text', column => column.notNull())
          .addColumn('created_at', 'text', column => column.notNull())
          .execute();
        await db.schema
          .createTable('web_members')
          .addColumn('thread', text, column => column.notNull())
          .addColumn('name', text, column => column.notNull())
          .addPrimaryKeyConstraint('web_members_key', ['thread', 'name'])
          .execute();
        await db.schema.createIndex('web_members_by_name').on('web_members').columns(['name']).execute();
        await db.schema
          .createTable('web_uploads')
          .addColumn('id', text, column => column.primaryKey())
          .addColumn('thread', text, column => column.notNull())
          .addColumn('author', text, column => column.notNull())
          .addColumn('kind', 'text', column => column.notNull())
          .addColumn('object', 'text', column => column.notNull())
          .addColumn('message', text)
          .execute();
        await db.schema
          .createTable('web_messages')
          .addColumn('author', text, column => column.notNull())
          .addColumn('key', text, column => column.notNull())
          .addColumn('id', text, column => column.notNull())
          .addColumn('digest', 'text', column => column.notNull())
          .addPrimaryKeyConstraint('web_messages_key', ['author', 'key'])
          .execute();
        await db.schema
          .createTable('web_outbox')
          .addColumn('topic', text, column => column.notNull())
          .addColumn('number', 'bigint', column => column.notNull())
          .addColumn('thread', text, column => column.notNull())
          .addColumn('body', 'text', column => column.notNull())
          .addPrimaryKeyConstraint('web_outbox_key', ['topic', 'number'])
          .execute();
        await db.schema
          .createTable('web_counters')
          .addColumn('topic', text, column => column.primaryKey())
          .addColumn('next', 'bigint', column => column.notNull())
          .execute();
        await db
          .insertInto('web_counters')
          .values(OUTBOX_TOPICS.map(topic => ({ topic, next: 1 })))
          .execute();
        await db.schema
          .createTable('web_state')
          .addColumn('id', 'integer', column => column.primaryKey())
          .addColumn('producer', 'text', column => column.notNull())
          .addColumn('last_id', 'text', column => column.notNull())
          .execute();
        await db
          .insertInto('web_state')
          .values({ id: 1, producer: `web-${ulid()}`, last_id: '' })
          .execute();
        await db.schema
          .createTable('web_positions')
          .addColumn('id', 'integer', column => column.primaryKey())
          .addColumn('positions', 'text', column => column.notNull())
          .addColumn('at', 'bigint', column => column.notNull())
          .execute();
      },
    },
    '2-ages': {
      up: async db => {
        // What was there before is as old as this change.
        const now = sql.lit(Date.now());
        for (const table of ['web_uploads', 'web_messages', 'web_outbox']) {
          await db.schema
            .alterTable(table)
            .addColumn('created_at', 'bigint', column => column.notNull().defaultTo(now))
            .execute();
        }
        await db.schema.createIndex('web_refresh_by_end').on('web_refresh').columns(['expires_at']).execute();
        for (const table of ['web_uploads', 'web_messages']) {
          await db.schema.createIndex(`${table}_by_age`).on(table).columns(['created_at']).execute();
        }
      },
    },
    '3-creators': {
      up: async db => {
        await db.schema.alterTable('web_threads').addColumn('creator', text).execute();
        await db.schema
          .createIndex('web_threads_by_creator')
          .on('web_threads')
          .columns(['creator', 'created_at'])
          .execute();
      },
    },
    '4-endings-and-limits': {
      up: async db => {
        await db.schema.alterTable('web_refresh').addColumn('provider_session', text).execute();
        await db.schema
          .createIndex('web_uploads_by_author')
          .on('web_uploads')
          .columns(['author', 'created_at'])
          .execute();
        for (const column of ['provider_session', 'name']) {
          await db.schema
            .createIndex(`web_refresh_by_${column}`)
            .on('web_refresh')
            .columns([column])
            .execute();
        }
      },
    },
  };
}
