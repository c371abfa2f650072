import { randomUUID } from 'node:crypto';
import { ulid } from 'ulid';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type Database, openDatabase } from '../database/index.js';
import { onEachDatabase } from '../testing/databases.js';
import { accept, announce } from './outbox.js';
import { migrations, type Tables } from './tables.js';

onEachDatabase('what is taken in', newDatabase => {
  let database: Database<Tables>;
  beforeEach(async () => {
    database = await openDatabase<Tables>({ env: await newDatabase(), owner: 'web', migrations });
  });
  afterEach(() => database.close());

  const createdAt = '2026-01-02T03:04:05.678Z';
  async function upload(author = 'ada', thread = 'friends', kind = 'audio'): Promise<string> {
    const id = ulid();
    const object = { key: `${thread}/${id}`, contentType: 'audio/webm', size: 1, sha256: 'ab'.repeat(32) };
    await database.db
      .insertInto('web_uploads')
      .values({ id, thread, author, kind, object: JSON.stringify(object), created_at: 0, message: null })
      .execute();
    return id;
  }
  const submit = (id: string, more: { author?: string; thread?: string; key?: string } = {}) =>
    accept(database.db, {
      thread: 'friends',
      author: 'ada',
      key: randomUUID(),
      ...more,
      body: { upload: id, createdAt },
    });
  const outbox = (topic: 'audio' | 'images' | 'signals') =>
    database.db.selectFrom('web_outbox').selectAll().where('topic', '=', topic).orderBy('number').execute();

  it('is numbered without gaps and in the order of its ids, however many come at once', async () => {
    const uploads = await Promise.all(Array.from({ length: 40 }, () => upload()));
    const accepted = await Promise.all(
      uploads.flatMap(id => [
        submit(id),
        // Fails, and must not leave a hole.
        submit(ulid()).catch(error => error.code),
      ]),
    );
    expect(accepted.filter(one => one === 'UploadMissing')).toHaveLength(40);
    const rows = await outbox('audio');
    expect(rows.map(({ number }) => number)).toEqual(Array.from({ length: 40 }, (_, i) => i + 1));
    const ids = rows.map(({ body }) => JSON.parse(body).id);
    expect(ids).toEqual([...ids].sort());
    expect(new Set(ids)).toEqual(new Set(accepted.filter(one => one !== 'UploadMissing')));
  });

  it('is one message for one key, and another body under it is refused', async () => {
    const [one, other, key] = [await upload(), await upload(), randomUUID()];
    const ids = await Promise.all(Array.from({ length: 6 }, () => submit(one, { key })));
    expect(new Set(ids).size).toBe(1);
    await expect(submit(other, { key })).rejects.toMatchObject({ code: 'IdempotencyConflict' });
    expect(await outbox('audio')).toHaveLength(1);
  });

  it('is for one author: the same key of somebody else is another message', async () => {
    const key = randomUUID();
    const mine = await submit(await upload(), { key });
    const theirs = await submit(await upload('bob'), { key, author: 'bob' });
    expect(theirs).not.toBe(mine);
  });

  it.each([
    ["somebody else's", { author: 'bob' }],
    ['of another thread', { thread: 'others' }],
  ])('names no upload that is %s', async (_, more) => {
    await expect(submit(await upload(), more)).rejects.toMatchObject({ code: 'UploadMissing' });
    expect(await outbox('audio')).toEqual([]);
  });

  it('uses an upload once', async () => {
    const id = await upload();
    const all = await Promise.allSettled(Array.from({ length: 5 }, () => submit(id)));
    expect(all.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  it('is not there when the change that it tells of was taken back', async () => {
    const failing = database.db.transaction().execute(async trx => {
      await announce(trx, 'friends', { kind: 'membership', thread: 'friends', names: ['bob'] });
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    expect(await outbox('signals')).toEqual([]);
    await database.db
      .transaction()
      .execute(trx => announce(trx, 'friends', { kind: 'membership', thread: 'friends', names: ['bob'] }));
    expect((await outbox('signals')).map(({ number }) => number)).toEqual([1]);
  });
});
