import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { DatabaseKind } from '../database/index.js';
import { onEachDatabase } from '../testing/databases.js';
import { sleep as pause, recording } from '../testing/voice.js';
import type { Entry, Page } from './api/index.js';
import { type House, openHouse } from './testing/house.js';
import { type Person, personOf } from './testing/person.js';

const THREADS = ['one', 'two', 'three', 'four', 'five'];
const PEOPLE = ['ada', 'bob', 'cem', 'dan'];
/** Who speaks where: each sends one after the other, all at the same time. */
const LANES = THREADS.flatMap(thread => PEOPLE.map(author => ({ thread, author })));
/** Fewer where it takes long; each test says in its name how many. */
const SENDS: Record<DatabaseKind, number> = { sqlite: 1_000, postgres: 200 };

onEachDatabase('kill -9 of web, its relay and thread at random', (newDatabase, kind) => {
  const sends = Number(process.env['VOICE_SENDS'] ?? SENDS[kind]);
  let house: House;
  let people: Person[];
  let sound: Buffer;
  beforeAll(async () => {
    house = await openHouse({
      newDatabase,
      users: PEOPLE,
      threads: THREADS.map(id => ({ id, members: PEOPLE })),
    });
    people = PEOPLE.map(name => personOf(house.url, name));
    for (const person of people) await person.signIn();
    sound = await recording();
  });
  afterAll(() => house.close());

  /** As a page does it: the same again, under the same key, until there is an answer. */
  async function persistently<T>(work: () => Promise<T>, enough: (answer: T) => boolean): Promise<T> {
    for (const until = Date.now() + 60_000; Date.now() < until; await sleep(100)) {
      const answer = await work().catch(() => undefined);
      if (answer !== undefined && enough(answer)) return answer;
    }
    throw new Error('no answer for a minute');
  }

  async function allOf(thread: string): Promise<Entry[]> {
    const [reader = personOf(house.url, '')] = people;
    const entries: Entry[] = [];
    for (let query = ''; ; query = `&before=${entries[0]?.id}`) {
      const { body } = await persistently(
        () => reader.ask('GET', `/api/threads/${thread}/messages?limit=100${query}`),
        ({ status }) => status === 200,
      );
      entries.unshift(...(body as Page).entries);
      if (!(body as Page).hasBefore) return entries;
    }
  }

  it(`during ${sends} sends loses none, doubles none, and keeps the order per thread and author`, {
    timeout: 900_000,
  }, async ({ annotate }) => {
    let sending = true;
    let kills = 0;
    const killing = (async () => {
      while (sending) {
        // What is not up yet has nothing to lose.
        await Promise.all([house.web().ready(), house.thread().ready()]);
        await sleep(Math.random() * 1_000);
        if (!sending) break;
        await house.restart(Math.random() < 0.7 ? 'web' : 'thread');
        kills++;
      }
    })();
    const began = Date.now();
    const accepted = await Promise.all(
      LANES.map(async ({ thread, author }, lane) => {
        const person = people.find(({ name }) => name === author) ?? personOf(house.url, author);
        const ids: string[] = [];
        for (let i = lane; i < sends; i += LANES.length) {
          const upload = await persistently(
            () => person.upload(thread, sound),
            () => true,
          );
          const [key, createdAt] = [randomUUID(), new Date().toISOString()];
          const { body } = await persistently(
            () => person.send(thread, upload, key, { createdAt }),
            ({ status }) => status === 202,
          );
          ids.push(body.id);
        }
        return { thread, author, ids };
      }),
    );
    const seconds = Math.round((Date.now() - began) / 1_000);
    sending = false;
    await killing;
    await Promise.all([house.web().ready(), house.thread().ready()]);
    const until = Date.now() + 60_000;
    for (const thread of THREADS) {
      const shown = async () => {
        const entries = (await allOf(thread)).filter(({ pending }) => !pending);
        return PEOPLE.map(name => entries.filter(({ author }) => author === name).map(({ id }) => id));
      };
      const wanted = PEOPLE.map(name =>
        accepted.filter(lane => lane.thread === thread && lane.author === name).flatMap(({ ids }) => ids),
      );
      while (Date.now() < until && (await shown()).flat().length < wanted.flat().length) await pause(200);
      expect(await shown()).toEqual(wanted);
    }
    expect(kills).toBeGreaterThan(0);
    const sent = accepted.flatMap(({ ids }) => ids);
    expect(sent).toHaveLength(sends);
    // The view drops doubles by their ids, so only the topic can tell.
    const log = await house.voice.messagesIn('audio', sends);
    const logged = log.map(({ data }) => (JSON.parse(data.toString()) as { id: string }).id);
    expect(logged.toSorted()).toEqual(sent.toSorted());
    await annotate(`${sends} sent in ${seconds} s, ${kills} kills`);
  });
});
