import type { Kysely, Transaction } from 'kysely';
import { isAfter, type Message } from '../messaging/index.js';
import { changedBy, type Entry, namedBy, type Part } from './entry.js';
import { partOf, type Topic } from './parts.js';
import { type EntryRow, entryOf, rowOf } from './rows.js';
import { wordsOf } from './search.js';
import type { Tables } from './tables.js';

/** What came of a batch. */
export interface Applied {
  /** Messages that were new to the view. */
  readonly fresh: number;
  /** Of those, how many could not be read. */
  readonly unreadable: number;
}

/**
 * Adds messages of a topic to the shown generation of the view, and how far the topic was read, in one transaction:
 * whatever dies when, each message is in the view once.
 *
 * @returns undefined while the view is being rebuilt: try again
 */
export function apply(
  db: Kysely<Tables>,
  topic: Topic,
  messages: readonly Message[],
): Promise<Applied | undefined> {
  return db.transaction().execute(async trx => {
    const { generation, frozen_until: frozen } = await lockState(trx);
    if (isFrozen(frozen)) return undefined;
    return applyTo(trx, generation, topic, messages);
  });
}

/** Whether a rebuild is at work, or was until a moment ago. */
export function isFrozen(until: string | null): boolean {
  return until !== null && Date.parse(until) > Date.now();
}

/** One at a time, of all processes: two topics may change the same entry. */
export function lockState(trx: Transaction<Tables>) {
  return trx
    .updateTable('view_state')
    .set(({ ref }) => ({ generation: ref('generation') }))
    .where('id', '=', 1)
    .returning(['generation', 'frozen_until'])
    .executeTakeFirstOrThrow();
}

export async function applyTo(
  trx: Transaction<Tables>,
  generation: number,
  topic: Topic,
  messages: readonly Message[],
): Promise<Applied> {
  const position = await positionOf(trx, generation, topic);
  const fresh = messages.filter(({ id }) => position === undefined || isAfter(id, position));
  const last = fresh.at(-1);
  if (last === undefined) return { fresh: 0, unreadable: 0 };
  const parts = fresh.map(message => partOf(topic, message)).filter(part => part !== undefined);
  await addParts(trx, generation, parts);
  await trx
    .insertInto('view_positions')
    .values({ generation, topic, position: last.id })
    .onConflict(conflict => conflict.columns(['generation', 'topic']).doUpdateSet({ position: last.id }))
    .execute();
  return { fresh: fresh.length, unreadable: fresh.length - parts.length };
}

async function positionOf(trx: Transaction<Tables>, generation: number, topic: Topic) {
  const row = await trx
    .selectFrom('view_positions')
    .select('position')
    .where('generation', '=', generation)
    .where('topic', '=', topic)
    .executeTakeFirst();
  return row?.position;
}

async function addParts(trx: Transaction<Tables>, generation: number, parts: readonly Part[]): Promise<void> {
  const ids = [...new Set(parts.flatMap(namedBy))];
  if (ids.length === 0) return;
  const known = await trx
    .selectFrom('view_entries')
    .selectAll()
    .where('generation', '=', generation)
    .where('id', 'in', ids)
    .execute();
  const texts = new Set(known.filter(({ result }) => result !== null).map(({ id }) => id));
  for (const entry of changedBy(parts, known.map(entryOf))) {
    await writeEntry(trx, rowOf(entry, generation));
    if (entry.result && !texts.has(entry.id)) await writeText(trx, generation, entry.result);
  }
}

async function writeEntry(trx: Transaction<Tables>, row: EntryRow): Promise<void> {
  const { generation: _, id: __, ...rest } = row;
  await trx
    .insertInto('view_entries')
    .values(row)
    .onConflict(conflict => conflict.columns(['generation', 'id']).doUpdateSet(rest))
    .execute();
}

async function writeText(
  trx: Transaction<Tables>,
  generation: number,
  result: NonNullable<Entry['result']>,
): Promise<void> {
  if (result.kind !== 'transcript') return;
  const { id, thread } = result;
  const text = wordsOf(result.text).join(' ');
  await trx.insertInto('view_texts').values({ generation, id, thread, text }).execute();
}
