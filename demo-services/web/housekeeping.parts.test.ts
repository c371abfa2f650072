import { ulid } from 'ulid';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type Database, openDatabase } from '../database/index.js';
import { onEachDatabase } from '../testing/databases.js';
import { KEYS_MS, sweep, UNSENT_MS } from './housekeeping.js';
import { accept } from './outbox.js';
import { migrations, type Tables } from './tables.js';

const NOW = Date.now();

onEachDatabase('housekeeping', newDatabase => {
  let database: Database<Tables>;
  beforeEach(async () => {
    database = await openDatabase<Tables>({ env: await newDatabase(), owner: 'web', migrations });
  });
  afterEach(() => database.close());

  async function upload(ageMs: number): Promise<string> {
    const id = ulid();
    const object = { key: id, contentType: 'audio/webm', size: 1, sha256: 'ab'.repeat(32) };
    await database.db
      .insertInto('web_uploads')
      .values({
        ...{ id, thread: 'friends', author: 'ada', kind: 'audio', message: null },
        ...{ object: JSON.stringify(object), created_at: NOW - ageMs },
      })
      .execute();
    return id;
  }
  const send = (id: string, key: string) =>
    accept(database.db, {
      ...{ thread: 'friends', author: 'ada', key },
      body: { upload: id, createdAt: '2026-01-02T03:04:05.678Z' },
    });
  const age = (table: 'web_messages' | 'web_uploads', ms: number) =>
    database.db
      .updateTable(table)
      .set({ created_at: NOW - ms })
      .execute();
  const uploads = async () =>
    (await database.db.selectFrom('web_uploads').select('id').execute()).map(({ id }) => id);

  it('forgets sessions at their end, used tokens of living ones not: they catch thieves', async () => {
    const row = (hash: string, expires_at: number, used_at: number | null) => ({
      ...{ hash, family: hash, name: 'ada', expires_at, used_at },
    });
    await database.db
      .insertInto('web_refresh')
      .values([row('ended', NOW, null), row('living', NOW + 1, null), row('used', NOW + 1, NOW - UNSENT_MS)])
      .execute();
    expect(await sweep(database.db, NOW)).toMatchObject({ sessions: 1 });
    const left = await database.db.selectFrom('web_refresh').select('hash').orderBy('hash').execute();
    expect(left.map(({ hash }) => hash)).toEqual(['living', 'used']);
  });

  it('forgets uploads that nobody sent, and no others', async () => {
    const [old, young, sent] = [
      await upload(UNSENT_MS),
      await upload(UNSENT_MS - 1),
      await upload(UNSENT_MS),
    ];
    await send(sent, 'a-key-of-mine');
    expect(await sweep(database.db, NOW)).toMatchObject({ uploads: 1 });
    const left = await uploads();
    expect(left).toEqual(expect.arrayContaining([young, sent]));
    expect(left).not.toContain(old);
    await expect(send(old, 'another-key')).rejects.toMatchObject({ code: 'UploadMissing' });
  });

  it('forgets keys after a long time, and takes nothing twice by that', async () => {
    const id = await upload(0);
    const message = await send(id, 'a-key-of-mine');
    await age('web_messages', KEYS_MS - 1);
    await sweep(database.db, NOW);
    expect(await send(id, 'a-key-of-mine')).toBe(message);
    await age('web_messages', KEYS_MS);
    expect(await sweep(database.db, NOW)).toMatchObject({ keys: 1, uploads: 0 });
    await expect(send(id, 'a-key-of-mine')).rejects.toMatchObject({ code: 'UploadMissing' });
    await age('web_uploads', KEYS_MS);
    await sweep(database.db, NOW);
    expect(await uploads()).toEqual([]);
    await expect(send(id, 'a-key-of-mine')).rejects.toMatchObject({ code: 'UploadMissing' });
  });

  it('leaves the outbox alone', async () => {
    await send(await upload(0), 'a-key-of-mine');
    await database.db.updateTable('web_outbox').set({ created_at: 0 }).execute();
    await sweep(database.db, NOW);
    expect(await database.db.selectFrom('web_outbox').select('number').execute()).toHaveLength(1);
  });
});
