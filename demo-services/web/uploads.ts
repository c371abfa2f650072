import type { Kysely } from 'kysely';
import { ulid } from 'ulid';
import { objectKeyOf } from '../contract/index.js';
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

/** Names an object before there is one: what nobody sends is found by it, and removed. */
export async function addUpload(db: Kysely<Tables>, { thread, author, kind, ...about }: NewUploadRow) {
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
