import type { Kysely } from 'kysely';
import { audioMessage, decode, imageMessage } from '../contract/index.js';
import type { Entry } from './api/index.js';
import { entryOf } from './entries.js';
import type { Tables } from './tables.js';

const MAX_PENDING = 100;

/** What was taken in for a thread and has not reached the log yet: while the broker is away, people still see it. */
export async function pendingOf(db: Kysely<Tables>, thread: string): Promise<Entry[]> {
  const rows = await db
    .selectFrom('web_outbox')
    .select(['topic', 'body'])
    .where('thread', '=', thread)
    .where('topic', 'in', ['audio', 'images'])
    .orderBy('number')
    .limit(MAX_PENDING)
    .execute();
  const entries = rows.flatMap(({ topic, body }): Entry[] => {
    const decoded =
      topic === 'audio' ? decode(audioMessage, Buffer.from(body)) : decode(imageMessage, Buffer.from(body));
    if (!decoded.ok) return [];
    const { id, thread: where, author, createdAt } = decoded.message;
    const known = { id, thread: where, author, createdAt, message: decoded.message };
    return [{ ...entryOf(known), pending: true }];
  });
  return entries.sort((a, b) => (a.id < b.id ? -1 : 1));
}
