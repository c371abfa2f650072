import type { Kysely } from 'kysely';
import { ulid } from 'ulid';
import { objectKeyOf } from '../contract/index.js';
import { ServiceError } from '../errors.js';
import type { Tables } from './tables.js';

export interface NewUploadRow {
  readonly thread: string;
  readonly author: string;
  readonly kind: 'audio' | 'image';
  readonly contentType: string;
  /** Bytes. */
  readonly size: number;
  readonly sha256: string;
}

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
/** What one may upload in a day and never send: far more than a bad line needs, far less than would fill a store. */
export const MAX_UNSENT = 1_000;

/** @throws TooManyRequests */
async function mayUpload(db: Kysely<Tables>, author: string): Promise<void> {
  const { count } = await db
    .selectFrom('web_uploads')
    .select(({ fn }) => fn.countAll().as('count'))
    .where('author', '=', author)
    .where('message', 'is', null)
    .where('created_at', '>', Date.now() - DAY_MS)
    .executeTakeFirstOrThrow();
  if (Number(count) < MAX_UNSENT) return;
  throw new ServiceError('TooManyRequests', 'too much was uploaded within a day and not sent', {
    retryAfterMs: HOUR_MS,
  });
}

/** Names an object before there is one: what nobody sends is found by it, and removed. */
export async function addUpload(db: Kysely<Tables>, { thread, author, kind, ...about }: NewUploadRow) {
  await mayUpload(db, author);
  const id = ulid();
  const object = { key: objectKeyOf({ thread, id }), ...about };
  await db
    .insertInto('web_uploads')
    .values({
      id,
      thread,
      author,
      kind,
      object: JSON.stringify(object),
      message: null,
      created_at: Date.now(),
    })
    .execute();
  return { id, object };
}
