import { setTimeout as sleep } from 'node:timers/promises';
import type { Kysely } from 'kysely';
import { databaseError } from '../database/index.js';
import { errorFields, type Log } from '../runtime/log.js';
import type { Tables } from './tables.js';

const DAY_MS = 24 * 3_600_000;
/** A page that was offline sends its drafts again under their keys: for so long they are known. */
export const KEYS_MS = 30 * DAY_MS;
/** An upload that no message names: longer than a draft waits on a page that is offline. */
export const UNSENT_MS = 7 * DAY_MS;
const EVERY_MS = 3_600_000;

export interface Swept {
  readonly sessions: number;
  readonly keys: number;
  readonly uploads: number;
}

/**
 * Forgets what nobody can use any more. The objects of uploads that were never sent go by the lifecycle of the bucket:
 * the front door may not delete there. Keys go before the uploads that they used, so that nothing is taken twice.
 */
export async function sweep(db: Kysely<Tables>, now: number): Promise<Swept> {
  const sessions = await db.deleteFrom('web_refresh').where('expires_at', '<=', now).executeTakeFirst();
  const keys = await db
    .deleteFrom('web_messages')
    .where('created_at', '<=', now - KEYS_MS)
    .executeTakeFirst();
  const uploads = await db
    .deleteFrom('web_uploads')
    .where(({ and, eb, or }) =>
      or([
        and([eb('message', 'is', null), eb('created_at', '<=', now - UNSENT_MS)]),
        eb('created_at', '<=', now - KEYS_MS),
      ]),
    )
    .executeTakeFirst();
  return {
    sessions: Number(sessions.numDeletedRows),
    keys: Number(keys.numDeletedRows),
    uploads: Number(uploads.numDeletedRows),
  };
}

/** Sweeps now and then; several processes may. */
export function keepHouse(db: Kysely<Tables>, log: Log): { stop(): Promise<void> } {
  const stopping = new AbortController();
  const { signal } = stopping;
  const loop = (async () => {
    while (!signal.aborted) {
      await sweep(db, Date.now()).then(
        swept => log.debug('swept', { ...swept }),
        error => log.warn('not swept', errorFields(databaseError(error))),
      );
      await sleep(EVERY_MS * (0.5 + Math.random()), undefined, { signal }).catch(() => undefined);
    }
  })();
  return {
    stop: async () => {
      stopping.abort();
      await loop;
    },
  };
}
