import type { Selectable } from 'kysely';
import type { Entry } from './entry.js';
import type { Tables } from './tables.js';

export type EntryRow = Selectable<Tables['view_entries']>;

/** Parts were checked when they were read from the log; here they only come back. */
export function entryOf(row: EntryRow): Entry {
  return {
    id: row.id,
    thread: row.thread,
    author: row.author,
    createdAt: row.created_at,
    ...(row.message !== null && { message: JSON.parse(row.message) }),
    ...(row.result !== null && { result: JSON.parse(row.result) }),
    ...(row.dead !== null && { dead: JSON.parse(row.dead) }),
    ...(row.replaced_by !== null && { replacedBy: row.replaced_by }),
  };
}

export function rowOf(
  { id, thread, author, createdAt, message, result, dead, replacedBy }: Entry,
  generation: number,
): EntryRow {
  return {
    generation,
    id,
    thread,
    author,
    created_at: createdAt,
    message: message ? JSON.stringify(message) : null,
    result: result ? JSON.stringify(result) : null,
    dead: dead ? JSON.stringify(dead) : null,
    replaced_by: replacedBy ?? null,
  };
}
