import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { Kysely } from 'kysely';
import { ServiceError } from '../errors.js';
import { isAfter, type Message } from '../messaging/index.js';
import { applyTo, isFrozen, lockState } from './apply.js';
import { TOPICS, type Topic } from './parts.js';
import type { Tables } from './tables.js';
import { positionsOf } from './view.js';

/** For how long nothing else is added after the last sign of life of a rebuild, and how often it gives one, ms. */
const FREEZE = { lastsMs: 15_000, renewedMs: 3_000 };

/** Reads a topic from its beginning, in batches, until there is no more. */
export type Replay = (topic: Topic) => AsyncIterable<readonly Message[]>;

export interface Rebuilt {
  /** Whether every byte of the new view is what it was. */
  readonly same: boolean;
  readonly entries: { readonly before: number; readonly after: number };
  readonly sha256: { readonly before: string; readonly after: string };
  /** Ids of entries that differ, or that one of the two lacks; the first hundred. */
  readonly different: readonly string[];
  /** Whether the new one is shown. The old one stays when the log no longer holds all of it. */
  readonly replaced: boolean;
}

/**
 * Builds the view once more, from the beginning of the log, next to the one that people read, compares the two byte
 * by byte, and shows the new one. A rebuild that dies leaves the old one as it was.
 *
 * @param force shows the new one even though the log has forgotten what the old one still knows
 */
export async function rebuild(
  db: Kysely<Tables>,
  replay: Replay,
  force: boolean,
  { lastsMs, renewedMs } = FREEZE,
): Promise<Rebuilt> {
  const until = endOf(lastsMs);
  const shown = await db.transaction().execute(async trx => {
    const { generation, frozen_until: frozen } = await lockState(trx);
    if (isFrozen(frozen)) throw new ServiceError('RebuildRunning', 'the view is being rebuilt already');
    await trx.updateTable('view_state').set({ frozen_until: until }).execute();
    return generation;
  });
  const next = shown + 1;
  const freeze = keptFrozen(db, until, { lastsMs, renewedMs });
  try {
    await drop(db, next);
    const target = await positionsOf(db, shown);
    for (const topic of TOPICS) {
      const last = target[topic];
      if (last !== undefined) await replayUntil(db, next, topic, replay(topic), last);
    }
    const own = await freeze.end();
    return await db.transaction().execute(async trx => {
      const { generation, frozen_until: frozen } = await lockState(trx);
      // Whatever kept this process still for so long, what others have added meanwhile must not be lost with the old one.
      const isOurs = generation === shown && frozen === own;
      if (!isOurs || !isDeepStrictEqual(await positionsOf(trx, shown), target))
        throw new ServiceError('RebuildOvertaken', 'messages were added while the view was being rebuilt');
      const outcome = compare(await dump(trx, shown), await dump(trx, next));
      const replaced = outcome.same || force || !outcome.forgotten;
      await drop(trx, replaced ? shown : next);
      if (replaced) await trx.updateTable('view_state').set({ generation: next }).execute();
      await exchange(trx, own, null);
      const { forgotten: _, ...rest } = outcome;
      return { ...rest, replaced };
    });
  } catch (error) {
    await exchange(db, await freeze.end(), null);
    throw error;
  }
}

async function replayUntil(
  db: Kysely<Tables>,
  generation: number,
  topic: Topic,
  batches: AsyncIterable<readonly Message[]>,
  last: string,
): Promise<void> {
  for await (const batch of batches) {
    const wanted = batch.filter(({ id }) => !isAfter(id, last));
    await db.transaction().execute(async trx => {
      await applyTo(trx, generation, topic, wanted);
    });
    if (batch.some(({ id }) => !isAfter(last, id))) return;
  }
}

function endOf(lastsMs: number): string {
  return new Date(Date.now() + lastsMs).toISOString();
}

/**
 * Renews a freeze by the clock and not by what is read: a broker may be silent for longer than the view may be left alone.
 * Its end is what it is known by: whoever finds another one in the database has lost it.
 */
function keptFrozen(db: Kysely<Tables>, until: string, { lastsMs, renewedMs }: typeof FREEZE) {
  let own = until;
  let renewal = Promise.resolve();
  const renew = async () => {
    const later = endOf(lastsMs);
    if (await exchange(db, own, later)) own = later;
  };
  const timer = setInterval(() => {
    renewal = renewal.then(renew).catch(() => undefined);
  }, renewedMs);
  return {
    /** It is renewed no more. @returns by which end it is known */
    end: async () => {
      clearInterval(timer);
      await renewal;
      return own;
    },
  };
}

/** @returns whether the freeze was that one */
async function exchange(db: Kysely<Tables>, own: string, by: string | null): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('view_state')
    .set({ frozen_until: by })
    .where('frozen_until', '=', own)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

async function drop(db: Kysely<Tables>, generation: number): Promise<void> {
  for (const table of ['view_entries', 'view_positions', 'view_texts'] as const) {
    await db.deleteFrom(table).where('generation', '=', generation).execute();
  }
}

/** A line of text for each entry, by id. */
async function dump(db: Kysely<Tables>, generation: number): Promise<ReadonlyMap<string, string>> {
  const columns = [
    'id',
    'thread',
    'author',
    'created_at',
    'message',
    'result',
    'dead',
    'replaced_by',
  ] as const;
  const rows = await db
    .selectFrom('view_entries')
    .select(columns)
    .where('generation', '=', generation)
    .orderBy('id')
    .execute();
  return new Map(rows.map(row => [row.id, JSON.stringify(columns.map(column => row[column]))]));
}

function compare(before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>) {
  const ids = [...new Set([...before.keys(), ...after.keys()])].sort();
  const different = ids.filter(id => before.get(id) !== after.get(id));
  return {
    same: different.length === 0,
    entries: { before: before.size, after: after.size },
    sha256: { before: digest(before), after: digest(after) },
    different: different.slice(0, 100),
    forgotten: different.some(id => !after.has(id)),
  };
}

function digest(lines: ReadonlyMap<string, string>): string {
  const hash = createHash('sha256');
  for (const line of lines.values()) hash.update(`${line}\n`);
  return hash.digest('hex');
}
