import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { type Database, openDatabase } from '../database/index.js';
import type { Reader } from '../messaging/index.js';
import { makeFeed } from '../messaging/reading/feed.js';
import { onEachDatabase } from '../testing/databases.js';
import type { Hub } from './hub.js';
import { type Membership, membershipOf } from './membership.js';
import { presenceOf } from './presence.js';
import { type Signalling, signalling } from './signalling.js';
import { migrations, type Tables } from './tables.js';

onEachDatabase('who belongs to a thread', newDatabase => {
  let database: Database<Tables>;
  let membership: Membership;
  let listening: Signalling;
  let connected: boolean;

  beforeEach(async () => {
    connected = true;
    // Signals of another process, which come late or never while there is no connection.
    const feed = makeFeed();
    const reader: Reader = {
      get connected() {
        return connected;
      },
      [Symbol.asyncIterator]: feed[Symbol.asyncIterator],
      close: async () => feed.end(),
    };
    database = await openDatabase<Tables>({ env: await newDatabase(), owner: 'web', migrations });
    membership = membershipOf(database.db, () => connected);
    listening = signalling({
      reader,
      producer: { connected: true, send: async () => ({ id: '' }), flush: nothing, close: nothing },
      hub: { users: () => new Set<string>() } as unknown as Hub,
      membership,
      sessions: { ended: nothing, forget: nothing },
      presence: presenceOf(),
      log: { debug: vi.fn(), info: vi.fn(), warn: vi.fn(), error: vi.fn() },
    });
    await database.db
      .insertInto('web_threads')
      .values({ id: 'friends', title: 'Friends', created_at: '2026-01-01T00:00:00Z' })
      .execute();
    await join('ada');
  });
  afterEach(async () => {
    await listening.stop();
    await database.close();
  });
  const join = (name: string) =>
    database.db.insertInto('web_members').values({ thread: 'friends', name }).execute();

  it('is remembered until a signal tells of a change', async () => {
    expect(await membership.isMember('friends', 'bob')).toBe(false);
    await join('bob');
    expect(await membership.isMember('friends', 'bob')).toBe(false);
    membership.changed('friends', ['bob']);
    expect(await membership.isMember('friends', 'bob')).toBe(true);
  });

  it('is asked again after signals could not arrive, although nobody asked meanwhile', async () => {
    expect(await membership.isMember('friends', 'bob')).toBe(false);
    expect(await membership.threadsOf('bob')).toEqual(new Set());
    connected = false;
    await join('bob');
    await sleep(600);
    connected = true;
    expect(await membership.isMember('friends', 'bob')).toBe(true);
    expect(await membership.threadsOf('bob')).toEqual(new Set(['friends']));
  });
});

async function nothing(): Promise<void> {
  // Nobody listens to what it tells.
}
