import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { type Database, type DatabaseEnv, openDatabase } from '../database/index.js';
import { onEachDatabase } from '../testing/databases.js';
import { apply } from './apply.js';
import { TOPICS, type Topic } from './parts.js';
import { type Rebuilt, rebuild } from './rebuild.js';
import { migrations, type Tables } from './tables.js';
import { deadLetter, failureOf, newLog, said, shown, transcriptOf } from './testing/said.js';
import { type View, viewOf } from './view.js';

onEachDatabase('the view of the threads', (newDatabase, kind) => {
  const opened: Database<Tables>[] = [];
  afterEach(async () => {
    await Promise.all(opened.splice(0).map(database => database.close()));
  });

  async function open(env?: DatabaseEnv) {
    const database = await openDatabase<Tables>({
      env: env ?? (await newDatabase()),
      owner: 'thread',
      migrations,
    });
    opened.push(database);
    return { db: database.db, view: viewOf(database) };
  }
  const log = newLog;
  type Log = ReturnType<typeof log>;
  async function catchUp({ db }: Awaited<ReturnType<typeof open>>, from: Log) {
    for (const topic of TOPICS) await apply(db, topic, from.of(topic));
  }
  const replay = (from: Log) =>
    async function* (topic: Topic) {
      yield from.of(topic);
    };
  const ids = async (view: View, ...page: Parameters<View['page']>) =>
    (await view.page(...page)).entries.map(({ id }) => id);

  it('shows a thread page by page, in both directions, and from a place in the middle', async () => {
    const store = await open();
    const messages = Array.from({ length: 25 }, () => said());
    const all = messages.map(({ id }) => id).sort();
    const from = log();
    for (const one of messages) from.add('audio', one);
    from.add('audio', said({ thread: 'elsewhere' }));
    await catchUp(store, from);
    const { view } = store;

    const newest = await view.page('friends', { at: 'newest' }, 10);
    expect(newest.entries.map(({ id }) => id)).toEqual(all.slice(15));
    expect(newest).toMatchObject({ hasBefore: true, hasAfter: false });
    const before = await view.page('friends', { at: 'before', id: all[15] ?? '' }, 20);
    expect(before.entries.map(({ id }) => id)).toEqual(all.slice(0, 15));
    expect(before).toMatchObject({ hasBefore: false, hasAfter: true });
    expect(await ids(view, 'friends', { at: 'after', id: all[19] ?? '' }, 3)).toEqual(all.slice(20, 23));
    expect(await ids(view, 'friends', { at: 'around', id: all[10] ?? '' }, 6)).toEqual(all.slice(8, 14));
    expect(await ids(view, 'nobody', { at: 'newest' }, 10)).toEqual([]);
    expect((await view.newest(['friends', 'elsewhere', 'nobody']))['friends']?.id).toBe(all[24]);
  });

  it('tells with a page how far the log was read', async () => {
    const store = await open();
    const from = log();
    from.add('audio', said());
    from.add('audio', said());
    await catchUp(store, from);
    expect((await store.view.page('friends', { at: 'newest' }, 1)).positions).toEqual({ audio: '7:1:-1' });
  });

  it('adds a message once, however often it is handed out, and goes on after what it has', async () => {
    const store = await open();
    const from = log();
    const one = said();
    const first = from.add('audio', one);
    from.add('results', transcriptOf(one, 'hello'));
    await catchUp(store, from);
    await catchUp(store, from);
    const second = from.add('audio', said());
    expect(await apply(store.db, 'audio', [first, second])).toEqual({ fresh: 1, unreadable: 0 });
    expect(await ids(store.view, 'friends', { at: 'newest' }, 10)).toHaveLength(2);
    expect((await store.view.search(['friends'], 'hello', 10)).entries).toHaveLength(1);
  });

  it('keeps the same entries when several add the same log at once', async () => {
    const env = await newDatabase();
    const one = await open(env);
    // A file has one process; a server may have many.
    const stores = [one, kind === 'sqlite' ? one : await open(env)];
    const from = log();
    for (let i = 0; i < 40; i++) {
      const spoken = said();
      from.add('audio', spoken);
      from.add('results', transcriptOf(spoken, `text ${i}`));
    }
    const adding = stores.flatMap(({ db }) =>
      (['audio', 'results'] as const).map(async topic => {
        for (const message of from.of(topic)) await apply(db, topic, [message]);
      }),
    );
    await Promise.all(adding);
    const { entries } = await one.view.page('friends', { at: 'newest' }, 200);
    expect(entries).toHaveLength(40);
    expect(entries.every(({ message, result }) => message && result)).toBe(true);
  });

  it('shows what failed, and what not even that could be said of, as failed', async () => {
    const store = await open();
    const from = log();
    const [failed, hopeless] = [said(), said()];
    from.add('audio', failed);
    from.add('results', failureOf(failed));
    from.add('audio-dead-letters', hopeless, deadLetter('Unexpected'));
    from.add('images-dead-letters', Buffer.from('{"v":9}'), deadLetter('MessageInvalid'));
    from.add('audio', Buffer.from('nonsense'));
    await catchUp(store, from);
    expect((await store.view.page('friends', { at: 'newest' }, 10)).entries).toEqual([
      expect.objectContaining({
        id: failed.id,
        result: expect.objectContaining({ code: 'AudioUnreadable' }),
      }),
      expect.objectContaining({ id: hopeless.id, dead: expect.objectContaining({ code: 'Unexpected' }) }),
    ]);
  });

  it('no longer shows what another attempt has replaced, but still knows it', async () => {
    const store = await open();
    const from = log();
    const failed = said();
    const again = said({ replaces: failed.id });
    from.add('audio', failed);
    from.add('results', failureOf(failed));
    from.add('audio', again);
    await catchUp(store, from);
    expect(await ids(store.view, 'friends', { at: 'newest' }, 10)).toEqual([again.id]);
    expect(await store.view.entry(failed.id)).toMatchObject({ replacedBy: again.id });
    expect(await store.view.entry('nothing')).toBeUndefined();
  });

  describe('its search', () => {
    const texts = [
      'We meet at the Café at noon',
      'the noon train',
      'Über den Wolken',
      '来週の会議',
      "don't stop",
      'a_b 50% off',
    ];
    async function filled() {
      const store = await open();
      const from = log();
      for (const [i, text] of [...texts, 'noon elsewhere'].entries()) {
        const one = said({ thread: i < texts.length ? 'friends' : 'elsewhere' });
        from.add('audio', one);
        from.add('results', transcriptOf(one, text));
      }
      await catchUp(store, from);
      return async (query: string, threads = ['friends'], before?: string) => {
        const { entries } = await store.view.search(threads, query, 10, before);
        return entries.map(({ result }) => (result?.kind === 'transcript' ? result.text : ''));
      };
    }

    it('finds whole words and the beginning of the last, newest first, in the given threads only', async () => {
      const search = await filled();
      expect(await search('noon')).toEqual([texts[1], texts[0]]);
      expect(await search('NOON the')).toEqual([texts[1], texts[0]]);
      expect(await search('caf')).toEqual([texts[0]]);
      expect(await search('über wol')).toEqual([texts[2]]);
      expect(await search('oon')).toEqual([]);
      expect(await search('noon', ['friends', 'elsewhere'])).toHaveLength(3);
      expect(await search('noon', [])).toEqual([]);
    });

    it('fills its pages, and says whether there is more, where some of what matches was replaced', async () => {
      const store = await open();
      const from = log();
      for (let i = 0; i < 12; i++) {
        const first = said();
        from.add('audio', first);
        from.add('results', transcriptOf(first, 'noon'));
        if (i % 2 === 0) continue;
        const again = said({ replaces: first.id });
        from.add('audio', again);
        from.add('results', transcriptOf(again, 'noon'));
      }
      await catchUp(store, from);
      const seen: string[] = [];
      for (let before: string | undefined, more = true; more; before = seen.at(-1)) {
        const { entries, hasBefore } = await store.view.search(['friends'], 'noon', 5, before);
        seen.push(...entries.map(({ id }) => id));
        expect(entries).toHaveLength(hasBefore ? 5 : 2);
        more = hasBefore;
      }
      expect(seen).toHaveLength(12);
      expect(new Set(seen).size).toBe(12);
    });

    it.each([
      '"',
      "'",
      '*',
      'noon*',
      'NOT noon',
      'noon OR',
      '(',
      ':*',
      'text:noon',
      '\\',
      '%',
      '\0',
      '- -',
      '<b>',
      '&|!',
    ])('takes %j for what it is: words and what parts them', async query => {
      const found = await (await filled())(query);
      expect(found.every(text => texts.includes(text))).toBe(true);
    });
  });

  describe('its rebuild', () => {
    async function lived() {
      const store = await open();
      const from = log();
      for (let i = 0; i < 30; i++) {
        const one = said();
        from.add('audio', one);
        from.add('results', i % 3 === 0 ? failureOf(one) : transcriptOf(one, `number ${i}`));
        if (i % 3 === 0) from.add('audio', said({ replaces: one.id }));
        if (i % 5 === 0) from.add('images', shown());
        if (i % 7 === 0) from.add('audio-dead-letters', said(), deadLetter('Unexpected'));
      }
      await catchUp(store, from);
      return { store, from };
    }

    it('gives the same view, byte for byte', async () => {
      const { store, from } = await lived();
      const page = await store.view.page('friends', { at: 'newest' }, 200);
      const outcome = await rebuild(store.db, replay(from), false);
      expect(outcome).toMatchObject({ same: true, replaced: true, different: [] });
      expect(outcome.sha256.after).toBe(outcome.sha256.before);
      expect(outcome.entries.after).toBeGreaterThan(40);
      expect(await store.view.page('friends', { at: 'newest' }, 200)).toEqual(page);
      expect((await store.view.search(['friends'], 'number', 50)).entries).toHaveLength(20);
      expect(await apply(store.db, 'audio', from.of('audio'))).toEqual({ fresh: 0, unreadable: 0 });
    });

    it('finds and mends what somebody changed by hand', async () => {
      const { store, from } = await lived();
      const { id = '' } = (await store.view.page('friends', { at: 'newest' }, 1)).entries[0] ?? {};
      await store.db.updateTable('view_entries').set({ author: 'eve' }).where('id', '=', id).execute();
      const outcome: Rebuilt = await rebuild(store.db, replay(from), false);
      expect(outcome).toMatchObject({ same: false, replaced: true, different: [id] });
      expect((await store.view.entry(id))?.author).toBe('ada');
    });

    it('keeps what only the view still knows, unless it is told to forget it', async () => {
      const { store, from } = await lived();
      from.forget('audio', 5);
      const kept = await rebuild(store.db, replay(from), false);
      expect(kept).toMatchObject({ same: false, replaced: false });
      expect((await rebuild(store.db, replay(from), true)).replaced).toBe(true);
    });

    it('lets nothing be added while it is at work, and one that died lets it be soon', async () => {
      const { store, from } = await lived();
      const late = from.add('audio', said());
      const dying = async function* (topic: Topic) {
        expect(await apply(store.db, 'audio', [late])).toBeUndefined();
        yield from.of(topic).slice(0, 3);
        throw new Error('killed');
      };
      const page = await store.view.page('friends', { at: 'newest' }, 200);
      await expect(rebuild(store.db, dying, false)).rejects.toThrow();
      expect(await store.view.page('friends', { at: 'newest' }, 200)).toEqual(page);

      const soon = new Date(Date.now() + 300).toISOString();
      await store.db.updateTable('view_state').set({ frozen_until: soon }).execute();
      await expect(rebuild(store.db, replay(from), false)).rejects.toMatchObject({ code: 'RebuildRunning' });
      await sleep(320);
      expect(await apply(store.db, 'audio', [late])).toMatchObject({ fresh: 1 });
    });

    it('lets nothing be added though the log is silent for longer than a freeze lasts', async () => {
      const { store, from } = await lived();
      const late = from.add('audio', said());
      const slow = async function* (topic: Topic) {
        yield from.of(topic).slice(0, 3);
        await sleep(1_000);
        expect(await apply(store.db, 'audio', [late])).toBeUndefined();
        yield from.of(topic);
      };
      const outcome = await rebuild(store.db, slow, false, { lastsMs: 600, renewedMs: 50 });
      expect(outcome).toMatchObject({ same: true, replaced: true });
      expect(await apply(store.db, 'audio', [late])).toMatchObject({ fresh: 1 });
    });

    it('that stood still for too long changes nothing, and what was added meanwhile stays', async () => {
      const { store, from } = await lived();
      const late = said();
      const message = from.add('audio', late);
      let added = false;
      const still = async function* (topic: Topic) {
        await sleep(150);
        if (!added) expect(await apply(store.db, 'audio', [message])).toMatchObject({ fresh: 1 });
        added = true;
        yield from.of(topic);
      };
      await expect(rebuild(store.db, still, false, { lastsMs: 50, renewedMs: 60_000 })).rejects.toMatchObject(
        { code: 'RebuildOvertaken' },
      );
      expect(await store.view.entry(late.id)).toMatchObject({ id: late.id });
    });

    it('that stood still for too long leaves the freeze to the rebuild that came after it', async () => {
      const { store, from } = await lived();
      let begun: Promise<Rebuilt> | undefined;
      const second = async function* (topic: Topic) {
        await sleep(300);
        yield from.of(topic);
      };
      const still = async function* (topic: Topic) {
        await sleep(150);
        begun ??= rebuild(store.db, second, false);
        await sleep(50);
        yield from.of(topic);
      };
      await expect(rebuild(store.db, still, false, { lastsMs: 50, renewedMs: 60_000 })).rejects.toMatchObject(
        { code: 'RebuildOvertaken' },
      );
      expect(await apply(store.db, 'audio', [from.add('audio', said())])).toBeUndefined();
      expect(await begun).toMatchObject({ same: true, replaced: true });
    });
  });
});
