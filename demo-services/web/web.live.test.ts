import { randomUUID } from 'node:crypto';
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { execa, execaSync } from 'execa';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { encode, type Result } from '../contract/index.js';
import { onEachDatabase } from '../testing/databases.js';
import { eventually, recording } from '../testing/voice.js';
import { said, transcriptOf } from '../thread/testing/said.js';
import { MAX_THREADS, type Page, type ThreadList } from './api/index.js';
import { type House, openHouse, PASSWORD } from './testing/house.js';
import { type Person, personOf } from './testing/person.js';

const tools = ['bash', 'curl', 'jq'].some(tool => execaSync('which', [tool], { reject: false }).failed)
  ? ' (needs bash, curl and jq)'
  : undefined;

onEachDatabase('the front door', newDatabase => {
  let house: House;
  let ada: Person;
  let bob: Person;
  let sound: Buffer;
  beforeAll(async () => {
    house = await openHouse({
      newDatabase,
      users: ['ada', 'bob', 'eve', 'zoe'],
      threads: [
        { id: 'friends', members: ['ada', 'bob'] },
        ...Array.from({ length: MAX_THREADS }, (_, i) => ({ id: `crowd-${i}`, members: ['zoe'] })),
      ],
      env: { THREADS_PER_DAY: '3' },
    });
    [ada, bob] = [personOf(house.url, 'ada'), personOf(house.url, 'bob')];
    for (const person of [ada, bob]) expect(await person.signIn()).toMatchObject({ status: 200 });
    sound = await recording();
  });
  afterAll(() => house.close());

  const page = async (person: Person, query = '') =>
    (await person.ask('GET', `/api/threads/friends/messages${query}`)).body as Page;
  const transcribed = async (id: string, text: string) => {
    const result: Result = transcriptOf(said({ id, thread: 'friends', author: 'ada' }), text);
    await house.voice.sendRaw('results', encode(result), 'friends');
  };

  it("brings a message and its transcript into the other one's open page", async () => {
    const listening = await bob.listen();
    const { status, body } = await ada.send('friends', await ada.upload('friends', sound));
    expect(status).toBe(202);
    await eventually(() => expect(listening.entries.map(({ id }) => id)).toEqual([body.id]));
    await transcribed(body.id, 'good morning everyone');
    await eventually(() =>
      expect(listening.entries[1]).toMatchObject({
        id: body.id,
        transcript: { text: 'good morning everyone' },
      }),
    );
    listening.close();
    await eventually(async () =>
      expect((await page(bob)).entries).toMatchObject([
        { id: body.id, author: 'ada', media: { size: sound.byteLength }, transcript: { language: 'en' } },
      ]),
    );
    const media = await bob.ask('GET', `/api/threads/friends/messages/${body.id}/media`);
    expect(media.status).toBe(302);
    const found = await bob.ask('GET', '/api/search?q=morn');
    expect(found.body.entries).toMatchObject([{ id: body.id }]);
  });

  it('takes the same message once, and no other one under its key', async () => {
    const [upload, key] = [await ada.upload('friends', sound), randomUUID()];
    const createdAt = new Date().toISOString();
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => ada.send('friends', upload, key, { createdAt })),
    );
    expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1);
    expect(answers.every(({ status }) => status === 202)).toBe(true);
    const other = await ada.send('friends', await ada.upload('friends', sound), key);
    expect(other).toMatchObject({ status: 409, body: { code: 'IdempotencyConflict' } });
    expect(await ada.send('friends', upload)).toMatchObject({ status: 409, body: { code: 'UploadMissing' } });
  });

  it('lets another attempt take the place of a message of its author only', async () => {
    const [hers] = (await page(bob)).entries;
    expect(hers).toMatchObject({ author: 'ada' });
    const listening = await bob.listen();
    const attempt = async (person: Person) =>
      person.send('friends', await person.upload('friends', sound), undefined, { replaces: hers?.id });
    expect(await attempt(bob)).toMatchObject({ status: 400, body: { code: 'RequestInvalid' } });
    const { status, body } = await attempt(ada);
    expect(status).toBe(202);
    await eventually(() => expect(listening.entries.at(-1)?.id).toBe(body.id));
    listening.close();
  });

  it('tells who is here and who records, and no longer tells somebody who has left', async () => {
    // Somebody who comes back at once has never been away for the others.
    await eventually(async () => {
      const { body: detail } = await ada.ask('GET', '/api/threads/friends');
      expect(detail.members).toContainEqual({ name: 'bob', online: false });
    });
    const adas = await ada.listen();
    const bobs = await bob.listen();
    const heard = (of: { events: { name: string; data: string }[] }, name: string) =>
      of.events.filter(event => event.name === name).map(({ data }) => JSON.parse(data));
    await eventually(() => expect(heard(adas, 'presence')).toContainEqual({ user: 'bob', online: true }));
    expect(await bob.ask('POST', '/api/threads/friends/signals', { recording: true })).toMatchObject({
      status: 204,
    });
    await eventually(() =>
      expect(heard(adas, 'recording')).toEqual([{ thread: 'friends', user: 'bob', recording: true }]),
    );
    expect((await ada.ask('DELETE', '/api/threads/friends/members/bob')).status).toBe(204);
    await eventually(() => expect(heard(bobs, 'membership')).toEqual([{ thread: 'friends' }]));
    expect((await bob.ask('GET', '/api/threads/friends')).status).toBe(404);
    const { body } = await ada.send('friends', await ada.upload('friends', sound));
    await eventually(() => expect(adas.entries.at(-1)?.id).toBe(body.id));
    expect(bobs.entries).toEqual([]);
    expect((await ada.ask('POST', '/api/threads/friends/members', { name: 'bob' })).status).toBe(200);
    adas.close();
    bobs.close();
    await eventually(async () => {
      const { body: detail } = await ada.ask('GET', '/api/threads/friends');
      expect(detail.members).toContainEqual({ name: 'bob', online: false });
    });
  });

  it('lets whoever began a thread take others out of it, and everybody leave', async () => {
    const eve = personOf(house.url, 'eve');
    await eve.signIn();
    const [bobs, eves] = [await bob.listen(), await eve.listen()];
    const told = ({ events }: typeof bobs) => events.filter(({ name }) => name === 'membership').length;
    const { body: begun } = await bob.ask('POST', '/api/threads', { title: 'Bobs', members: ['ada'] });
    const remove = (who: Person, name: string) =>
      who.ask('DELETE', `/api/threads/${begun.id}/members/${name}`);
    expect(await remove(ada, 'bob')).toMatchObject({ status: 403, body: { code: 'NotAllowed' } });
    // These change nothing, and nobody is told of them: above all not who has nothing to do with it.
    expect((await remove(bob, 'eve')).status).toBe(204);
    expect((await bob.ask('POST', `/api/threads/${begun.id}/members`, { name: 'ada' })).status).toBe(200);
    expect((await remove(bob, 'ada')).status).toBe(204);
    expect((await ada.ask('GET', `/api/threads/${begun.id}`)).status).toBe(404);
    await eventually(() => expect(told(bobs)).toBe(2));
    expect((await remove(bob, 'bob')).status).toBe(204);
    await eventually(() => expect(told(bobs)).toBe(3));
    expect(told(eves)).toBe(0);
    bobs.close();
    eves.close();
  });

  it('shows somebody who belongs to many threads all of them, and lets nobody add more', async () => {
    const zoe = personOf(house.url, 'zoe');
    await zoe.signIn();
    const all = async (first: string, next: (page: ThreadList) => string | undefined) => {
      const seen: string[] = [];
      for (let query: string | undefined = first; query !== undefined; ) {
        const { status, body } = await zoe.ask('GET', `/api/threads?limit=100${query}`);
        expect(status).toBe(200);
        seen.push(...body.threads.map(({ mark }: { mark: string }) => mark));
        query = next(body);
      }
      return seen;
    };
    const marks = await all('', ({ threads, hasBefore }) =>
      hasBefore ? `&before=${threads.at(-1)?.mark}` : undefined,
    );
    expect(marks).toHaveLength(MAX_THREADS);
    expect(marks).toEqual([...new Set(marks)].sort().reverse());
    const back = await all(`&after=${marks.at(-1)}`, ({ threads, hasAfter }) =>
      hasAfter ? `&after=${threads[0]?.mark}` : undefined,
    );
    expect(back.toSorted()).toEqual(marks.slice(0, -1).toSorted());
    expect((await zoe.ask('GET', `/api/threads?before=${marks[0]}&after=${marks[1]}`)).status).toBe(400);
    expect(await zoe.ask('GET', '/api/search?q=morning')).toMatchObject({ status: 200 });
    const full = { status: 409, body: { code: 'TooManyThreads' } };
    expect(await ada.ask('POST', '/api/threads/friends/members', { name: 'zoe' })).toMatchObject(full);
    expect(await ada.ask('POST', '/api/threads', { title: 'One more', members: ['zoe'] })).toMatchObject(
      full,
    );
  });

  it.skipIf(tools !== undefined)(
    `is spoken to by curl as docs/voice-chat.md says${tools ?? ''}`,
    async () => {
      const folder = await mkdtemp(path.join(tmpdir(), 'curl-'));
      await writeFile(path.join(folder, 'hello.webm'), sound);
      const text = await readFile(new URL('../../docs/voice-chat.md', import.meta.url), 'utf8');
      const [, script = ''] = /```bash\n(.*?)```/s.exec(text) ?? [];
      expect(script).toContain('idempotency-key');
      const { stdout } = await execa('bash', ['-euo', 'pipefail', '-c', script], {
        cwd: folder,
        env: { CHAT: house.url, TRUST: inject('platform').trust, NAME: 'ada', PASSWORD },
      });
      const { id } = JSON.parse(stdout.split('\n').at(-1) ?? '');
      await eventually(async () => expect((await page(bob)).entries.at(-1)?.id).toBe(id));
    },
  );

  it('lets nobody begin threads without end', async () => {
    const eve = personOf(house.url, 'eve');
    await eve.signIn();
    const begin = async () => (await eve.ask('POST', '/api/threads', { title: 'Another' })).status;
    const answers: number[] = [];
    for (let i = 0; i < 4; i++) answers.push(await begin());
    expect(answers).toEqual([201, 201, 201, 429]);
  });

  it('tells a page that comes back what it missed, also after the process was killed', async () => {
    const first = await bob.listen();
    const sent = async () => (await ada.send('friends', await ada.upload('friends', sound))).body.id;
    const one = await sent();
    await eventually(() => expect(first.entries.at(-1)?.id).toBe(one));
    first.close();
    const missed = [await sent(), await sent()];
    const second = await bob.listen(first.lastId());
    await eventually(() => expect(second.entries.map(({ id }) => id)).toEqual(missed));
    await house.restart('web');
    await second.ended;
    await house.web().ready();
    const late = await sent();
    const third = await bob.listen(first.lastId());
    await eventually(() => expect(third.entries.map(({ id }) => id)).toEqual([...missed, late]));
    third.close();
  });

  it('tells in metrics what it does and what waits', async () => {
    const listening = await bob.listen();
    const { body } = await ada.send('friends', await ada.upload('friends', sound));
    await eventually(() => expect(listening.entries.at(-1)?.id).toBe(body.id));
    await eventually(async () => {
      const { status, text } = await house.web().get('/metrics');
      expect(status).toBe(200);
      const value = (name: string) => Number(new RegExp(`^${name}.* (\\S+)$`, 'm').exec(text)?.[1]);
      expect(value('web_live_pages')).toBe(1);
      expect(value('web_sends_total')).toBeGreaterThan(0);
      expect(value('web_fanout_lag_seconds_count')).toBeGreaterThan(0);
      expect(value('web_outbox_messages\\{topic="audio"')).toBe(0);
      expect(value('web_outbox_age_seconds\\{topic="audio"')).toBe(0);
      expect(text).toMatch(/web_request_seconds_count\{[^}]*route="\/api\/threads\/:thread\/messages"/);
    });
    listening.close();
  });

  it('refreshes in parallel, and ends a session whose token was stolen', async () => {
    const eve = personOf(house.url, 'eve');
    await eve.signIn();
    const old = new Map(eve.cookies);
    const refresh = () => eve.ask('POST', '/api/session/refresh');
    expect((await Promise.all([refresh(), refresh(), refresh()])).map(({ status }) => status)).toEqual([
      200, 200, 200,
    ]);
    expect(old.get('__Secure-refresh')).not.toBe(eve.cookies.get('__Secure-refresh'));
    expect((await eve.ask('DELETE', '/api/session')).status).toBe(204);
    for (const [key, value] of old) eve.cookies.set(key, value);
    expect(await refresh()).toMatchObject({ status: 401, body: { code: 'NotSignedIn' } });
  });
});
