import { createHash } from 'node:crypto';
import type { Kysely, Transaction } from 'kysely';
import { incrementBase32, ulid } from 'ulid';
import type { AudioMessage, ImageMessage } from '../contract/index.js';
import { ServiceError } from '../errors.js';
import type { NewMessage } from './api/index.js';
import { encodeSignal, type Signal } from './signals.js';
import type { OutboxTopic, Tables } from './tables.js';

export interface Submission {
  readonly thread: string;
  readonly author: string;
  readonly key: string;
  readonly body: NewMessage;
  readonly traceparent?: string | undefined;
}

/**
 * Takes a message in: what it is and that the log still lacks it, in one transaction. When this returns, the message
 * will be in the log once, whatever dies when.
 *
 * @throws IdempotencyConflict for another message under the same key, UploadMissing for an upload that is not this
 *   author's in this thread, or that another message has
 */
export function accept(db: Kysely<Tables>, submission: Submission): Promise<string> {
  const { thread, author, key, body } = submission;
  const digest = digestOf(thread, body);
  return db.transaction().execute(async trx => {
    const { last_id: lastId } = await lockState(trx);
    const known = await trx
      .selectFrom('web_messages')
      .select(['id', 'digest'])
      .where('author', '=', author)
      .where('key', '=', key)
      .executeTakeFirst();
    if (known !== undefined) {
      if (known.digest === digest) return known.id;
      throw new ServiceError('IdempotencyConflict', 'another message was sent under this key');
    }
    const id = nextId(lastId);
    const upload = await trx
      .updateTable('web_uploads')
      .set({ message: id })
      .where('id', '=', body.upload)
      .where('thread', '=', thread)
      .where('author', '=', author)
      .where('message', 'is', null)
      .returning(['kind', 'object'])
      .executeTakeFirst();
    if (upload === undefined) throw uploadMissing();
    const topic = upload.kind === 'audio' ? 'audio' : 'images';
    const message = {
      v: 1,
      kind: upload.kind,
      id,
      thread,
      author,
      createdAt: body.createdAt,
      ...(submission.traceparent !== undefined && { traceparent: submission.traceparent }),
      object: JSON.parse(upload.object),
      ...(body.replaces !== undefined && { replaces: body.replaces }),
    } as AudioMessage | ImageMessage;
    await trx
      .insertInto('web_messages')
      .values({ author, key, id, digest, created_at: Date.now() })
      .execute();
    await trx.updateTable('web_state').set({ last_id: id }).where('id', '=', 1).execute();
    await enqueue(trx, topic, thread, JSON.stringify(message));
    return id;
  });
}

/** Adds a signal to the transaction that it tells of. @param of what it is about: signals of one keep their order */
export async function announce(trx: Transaction<Tables>, of: string, signal: Signal): Promise<void> {
  await enqueue(trx, 'signals', of, encodeSignal(signal).toString());
}

/** The id under which somebody's message was accepted with this very body before. */
export async function acceptedBefore(
  db: Kysely<Tables>,
  { author, key, thread, body }: Submission,
): Promise<string | undefined> {
  const known = await db
    .selectFrom('web_messages')
    .select(['id', 'digest'])
    .where('author', '=', author)
    .where('key', '=', key)
    .executeTakeFirst();
  return known?.digest === digestOf(thread, body) ? known.id : undefined;
}

export function uploadMissing(): ServiceError {
  return new ServiceError('UploadMissing', 'there is no such upload of yours in this thread, or it was used');
}

/** The counter's row is locked until the end: numbers become visible in their order, and none is ever left out. */
async function enqueue(trx: Transaction<Tables>, topic: OutboxTopic, thread: string, body: string) {
  const { next } = await trx
    .updateTable('web_counters')
    .set(({ eb }) => ({ next: eb('next', '+', 1) }))
    .where('topic', '=', topic)
    .returning('next')
    .executeTakeFirstOrThrow();
  await trx
    .insertInto('web_outbox')
    .values({ topic, number: next - 1, thread, body, created_at: Date.now() })
    .execute();
}

function lockState(trx: Transaction<Tables>) {
  return trx
    .updateTable('web_state')
    .set(({ ref }) => ({ last_id: ref('last_id') }))
    .where('id', '=', 1)
    .returning('last_id')
    .executeTakeFirstOrThrow();
}

/** Above every id so far, also when a clock goes back or another process has another one. */
function nextId(last: string): string {
  const id = ulid();
  return id > last ? id : incrementBase32(last);
}

function digestOf(thread: string, { upload, createdAt, replaces }: NewMessage): string {
  return createHash('sha256')
    .update(JSON.stringify([thread, upload, createdAt, replaces ?? null]))
    .digest('hex');
}
