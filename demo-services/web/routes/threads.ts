import type { Kysely, Transaction } from 'kysely';
import { ulid as newUlid } from 'ulid';
import { z } from 'zod';
import { ServiceError } from '../../errors.js';
import type { JsonApi } from '../../runtime/json-api.js';
import type { Cursor } from '../../thread/view.js';
import {
  type Found,
  found,
  MAX_THREADS,
  name,
  newMember,
  newThread,
  type Page,
  page,
  pageQuery,
  searchQuery,
  type ThreadDetail,
  type ThreadList,
  threadDetail,
  threadList,
  threadsQuery,
} from '../api/index.js';
import { entryOf } from '../entries.js';
import { type Guard, noThread } from '../guard.js';
import { announce } from '../outbox.js';
import { beginningOf, pageOf } from '../paging.js';
import type { Parts } from '../parts.js';
import { pendingOf } from '../pending.js';
import { encodePositions } from '../positions.js';
import type { Tables } from '../tables.js';
import { done } from './answers.js';

const thread = z.object({ thread: name });
const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

export function threadRoutes(api: JsonApi, guard: Guard, parts: () => Parts, threadsPerDay: number): void {
  const own = { onRequest: guard.signedIn };
  const inside = { ...own, preHandler: guard.member };

  api.get(
    '/api/threads',
    { ...own, schema: { querystring: threadsQuery, response: { 200: threadList } } },
    async ({ access, query }): Promise<ThreadList> => {
      const { db, membership, view } = parts();
      const ids = [...(await membership.threadsOf(access.user))];
      // Asked first: what comes in between comes once more as an event, which does no harm.
      const position = encodePositions(await view.positions());
      if (ids.length === 0) return { threads: [], hasBefore: false, hasAfter: false, position };
      const [rows, newest] = await Promise.all([
        db.selectFrom('web_threads').selectAll().where('id', 'in', ids).execute(),
        view.newest(ids),
      ]);
      const threads = rows.map(({ id, title, created_at: createdAt }) => {
        const last = newest[id];
        const mark = last?.id ?? beginningOf(id, createdAt);
        return { id, title, createdAt, mark, ...(last && { newest: entryOf(last) }) };
      });
      return { ...pageOf(threads, query), position };
    },
  );

  api.post(
    '/api/threads',
    { ...own, schema: { body: newThread, response: { 201: threadDetail } } },
    async ({ access, body: { title, members } }, reply) => {
      const { db, membership, relay } = parts();
      const id = newUlid();
      const names = [...new Set([access.user, ...members])];
      await db.transaction().execute(async trx => {
        await mayBeginThread(trx, access.user, threadsPerDay);
        await mayJoin(trx, names);
        await trx
          .insertInto('web_threads')
          .values({ id, title, created_at: new Date().toISOString(), creator: access.user })
          .execute();
        await trx
          .insertInto('web_members')
          .values(names.map(one => ({ thread: id, name: one })))
          .execute();
        await announce(trx, id, { kind: 'membership', thread: id, names });
      });
      membership.changed(id, names);
      relay.wake();
      return reply.status(201).send(await detailOf(parts(), id));
    },
  );

  api.get(
    '/api/threads/:thread',
    { ...inside, schema: { params: thread, response: { 200: threadDetail } } },
    ({ params }) => detailOf(parts(), params.thread),
  );

  api.post(
    '/api/threads/:thread/members',
    { ...inside, schema: { params: thread, body: newMember, response: { 200: threadDetail } } },
    async ({ params, body }) => {
      await changeMembers(parts(), params.thread, body.name, async trx => {
        await mayJoin(trx, [body.name]);
        const { numInsertedOrUpdatedRows: added } = await trx
          .insertInto('web_members')
          .values({ thread: params.thread, name: body.name })
          .onConflict(conflict => conflict.doNothing())
          .executeTakeFirst();
        return added !== 0n;
      });
      return detailOf(parts(), params.thread);
    },
  );

  api.delete(
    '/api/threads/:thread/members/:name',
    { ...inside, schema: { params: thread.extend({ name }), response: { 204: done } } },
    async ({ access, params }, reply) => {
      await changeMembers(parts(), params.thread, params.name, async trx => {
        if (params.name !== access.user) await mustHaveBegun(trx, params.thread, access.user);
        const { numDeletedRows: removed } = await trx
          .deleteFrom('web_members')
          .where('thread', '=', params.thread)
          .where('name', '=', params.name)
          .executeTakeFirst();
        return removed > 0n;
      });
      return reply.status(204).send();
    },
  );

  api.get(
    '/api/threads/:thread/messages',
    { ...inside, schema: { params: thread, querystring: pageQuery, response: { 200: page } } },
    async ({ params, query }): Promise<Page> => {
      const { view, db } = parts();
      const cursor = cursorOf(query);
      // Asked first: what leaves the outbox in between is in the page, or comes as an event.
      const pending = cursor.at === 'newest' ? await pendingOf(db, params.thread) : [];
      const { entries, hasBefore, hasAfter, positions } = await view.page(params.thread, cursor, query.limit);
      const known = new Set(entries.map(({ id }) => id));
      return {
        entries: [...entries.map(entryOf), ...pending.filter(({ id }) => !known.has(id))],
        hasBefore,
        hasAfter,
        position: encodePositions(positions),
      };
    },
  );

  api.get(
    '/api/search',
    { ...own, schema: { querystring: searchQuery, response: { 200: found } } },
    async ({ access, query: { q, thread: only, before, limit } }): Promise<Found> => {
      const { db, membership, view } = parts();
      const mine = await membership.threadsOf(access.user);
      if (only !== undefined && !mine.has(only)) throw noThread();
      const { entries, hasBefore } = await view.search(only ? [only] : [...mine], q, limit, before);
      const titles = await titlesOf(db, new Set(entries.map(({ thread: of }) => of)));
      return { entries: entries.map(entryOf), hasBefore, titles };
    },
  );
}

/** @param change tells whether anything is otherwise than before: else nobody is told */
async function changeMembers(
  { db, membership, relay }: Parts,
  id: string,
  who: string,
  change: (trx: Transaction<Tables>) => Promise<boolean>,
): Promise<void> {
  const changed = await db.transaction().execute(async trx => {
    if (!(await change(trx))) return false;
    await announce(trx, id, { kind: 'membership', thread: id, names: [who] });
    return true;
  });
  if (!changed) return;
  membership.changed(id, [who]);
  relay.wake();
}

/** Everybody is there, and belongs to fewer threads than one may: others put them into these. */
async function mayJoin(trx: Transaction<Tables>, names: readonly string[]): Promise<void> {
  const known = await trx.selectFrom('web_users').select('name').where('name', 'in', names).execute();
  if (known.length < names.length) throw new ServiceError('UserUnknown', 'nobody has this name here');
  const full = await trx
    .selectFrom('web_members')
    .select('name')
    .where('name', 'in', names)
    .groupBy('name')
    .having(({ fn }) => fn.countAll(), '>=', MAX_THREADS)
    .executeTakeFirst();
  if (full) throw new ServiceError('TooManyThreads', `${full.name} belongs to as many threads as one may`);
}

async function mayBeginThread(trx: Transaction<Tables>, who: string, most: number): Promise<void> {
  const { count } = await trx
    .selectFrom('web_threads')
    .select(({ fn }) => fn.countAll().as('count'))
    .where('creator', '=', who)
    .where('created_at', '>', new Date(Date.now() - DAY_MS).toISOString())
    .executeTakeFirstOrThrow();
  if (Number(count) < most) return;
  throw new ServiceError('TooManyRequests', 'too many threads were begun within a day', {
    retryAfterMs: HOUR_MS,
  });
}

async function mustHaveBegun(trx: Transaction<Tables>, id: string, who: string): Promise<void> {
  const { creator } = await trx
    .selectFrom('web_threads')
    .select('creator')
    .where('id', '=', id)
    .executeTakeFirstOrThrow();
  if (creator !== who) throw new ServiceError('NotAllowed', 'only who began a thread takes others out of it');
}

async function detailOf({ db, membership, presence }: Parts, id: string): Promise<ThreadDetail> {
  const row = await db.selectFrom('web_threads').selectAll().where('id', '=', id).executeTakeFirst();
  if (row === undefined) throw noThread();
  const members = [...(await membership.membersOf(id))].sort();
  return {
    id,
    title: row.title,
    createdAt: row.created_at,
    members: members.map(one => ({ name: one, online: presence.isOnline(one) })),
  };
}

async function titlesOf(db: Kysely<Tables>, threads: ReadonlySet<string>): Promise<Record<string, string>> {
  if (threads.size === 0) return {};
  const rows = await db
    .selectFrom('web_threads')
    .select(['id', 'title'])
    .where('id', 'in', [...threads])
    .execute();
  return Object.fromEntries(rows.map(({ id, title }) => [id, title]));
}

function cursorOf({ before, after, around }: z.output<typeof pageQuery>): Cursor {
  if (before) return { at: 'before', id: before };
  if (after) return { at: 'after', id: after };
  if (around) return { at: 'around', id: around };
  return { at: 'newest' };
}
