import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type Database, openDatabase } from '../database/index.js';
import { onEachDatabase } from '../testing/databases.js';
import { temporaryFile } from '../testing/parts.js';
import { sessionsOf } from './sessions.js';
import { migrations, type Tables } from './tables.js';
import { FAMILY_MS, GRACE_MS, type TokenService, tokensOf } from './tokens.js';

onEachDatabase('a session', newDatabase => {
  let database: Database<Tables>;
  let now: number;
  let tokens: TokenService;
  let ended: string[];
  beforeEach(async () => {
    database = await openDatabase<Tables>({ env: await newDatabase(), owner: 'web', migrations });
    now = Date.now();
    ended = [];
    const keyFile = await temporaryFile(randomBytes(32).toString('base64url'));
    tokens = tokensWith(keyFile);
  });
  afterEach(() => database.close());
  const tokensWith = (keyFile: string) =>
    tokensOf({
      db: () => database.db,
      keyFile,
      isOpen: family => sessionsOf(database.db, () => false).isOpen(family),
      onEnded: families => ended.push(...families),
      clock: () => now,
    });

  const refused = { code: 'NotSignedIn' };
  const families = () => database.db.selectFrom('web_refresh').select('family').distinct().execute();

  it('goes on by each refresh, and says who it is', async () => {
    let session = await tokens.signIn('ada');
    for (let i = 0; i < 3; i++) {
      now += GRACE_MS * 2;
      session = await tokens.refresh(session.refresh);
    }
    expect(await tokens.verify(session.access)).toMatchObject({ user: 'ada' });
    expect(await families()).toHaveLength(1);
  });

  it('is ended as a whole when a token comes again that was used before the grace', async () => {
    const stolen = (await tokens.signIn('ada')).refresh;
    const owners = await tokens.refresh(stolen);
    const elsewhere = await tokens.signIn('ada');
    now += GRACE_MS + 1;
    await expect(tokens.refresh(stolen)).rejects.toMatchObject(refused);
    // The owner, too: nobody can tell which of the two is the thief.
    await expect(tokens.refresh(owners.refresh)).rejects.toMatchObject(refused);
    expect((await tokens.refresh(elsewhere.refresh)).user).toBe('ada');
  });

  it('is ended as well when the thief was faster than the owner', async () => {
    const owners = (await tokens.signIn('ada')).refresh;
    let thiefs = await tokens.refresh(owners);
    now += GRACE_MS + 1;
    thiefs = await tokens.refresh(thiefs.refresh);
    await expect(tokens.refresh(owners)).rejects.toMatchObject(refused);
    await expect(tokens.refresh(thiefs.refresh)).rejects.toMatchObject(refused);
  });

  it('bears parallel refreshes of several pages, and the answer that got lost', async () => {
    const { refresh } = await tokens.signIn('ada');
    const all = await Promise.all(Array.from({ length: 8 }, () => tokens.refresh(refresh)));
    expect(new Set(all.map(one => one.refresh)).size).toBe(8);
    now += GRACE_MS;
    const late = await tokens.refresh(refresh);
    for (const one of [...all, late]) expect((await tokens.refresh(one.refresh)).user).toBe('ada');
  });

  it('ends in time, however often it was refreshed', async () => {
    const first = await tokens.signIn('ada');
    now += FAMILY_MS - 1_000;
    const last = await tokens.refresh(first.refresh);
    expect(last.refreshExpiresAt).toBe(first.refreshExpiresAt);
    expect(last.expiresAt).toBe(first.refreshExpiresAt);
    now += 1_000;
    await expect(tokens.refresh(last.refresh)).rejects.toMatchObject(refused);
  });

  it('ends with all its tokens when somebody signs out', async () => {
    const first = await tokens.signIn('ada');
    const second = await tokens.refresh(first.refresh);
    await tokens.signOut(second.refresh);
    for (const one of [first, second]) {
      await expect(tokens.refresh(one.refresh)).rejects.toMatchObject(refused);
    }
  });

  it('lets no access token in any more once it has ended, and says so to whoever holds its pages', async () => {
    const [here, elsewhere] = [await tokens.signIn('ada'), await tokens.signIn('ada')];
    const next = await tokens.refresh(here.refresh);
    await tokens.signOut(next.refresh);
    for (const one of [here, next]) await expect(tokens.verify(one.access)).rejects.toMatchObject(refused);
    expect(await tokens.verify(elsewhere.access)).toMatchObject({ user: 'ada' });
    expect(ended).toEqual([here.family]);
    const signals = await database.db.selectFrom('web_outbox').select(['topic', 'body']).execute();
    expect(signals.map(({ topic, body }) => [topic, JSON.parse(body)])).toEqual([
      ['signals', { kind: 'signed-out', session: here.family }],
    ]);
  });

  it('stays ended however many refresh while somebody signs out', async () => {
    for (let i = 0; i < 10; i++) {
      const { refresh, access } = await tokens.signIn('ada');
      await Promise.allSettled([tokens.refresh(refresh), tokens.signOut(refresh), tokens.refresh(refresh)]);
      await expect(tokens.verify(access)).rejects.toMatchObject(refused);
    }
    expect(await families()).toEqual([]);
  });

  it('is ended by the provider alone, or with all others of the person where it names none', async () => {
    for (const name of ['ada', 'bob']) {
      await database.db
        .insertInto('web_users')
        .values({ name, password: null, subject: `https://id ${name}`, created_at: '' })
        .execute();
    }
    const first = await tokens.signIn('ada', 'https://id 1');
    const second = await tokens.signIn('ada', 'https://id 2');
    const bobs = await tokens.signIn('bob', 'https://id 3');
    await tokens.signOutByProvider({});
    await tokens.signOutByProvider({ session: 'https://elsewhere 1' });
    await tokens.signOutByProvider({ session: 'https://id 3', subject: 'https://id ada' });
    expect(ended).toEqual([]);
    await tokens.refresh(first.refresh);
    await tokens.signOutByProvider({ session: 'https://id 1' });
    expect(ended).toEqual([first.family]);
    await tokens.signOutByProvider({ subject: 'https://id ada' });
    expect(ended).toEqual([first.family, second.family]);
    const unnamed = await tokens.signIn('ada');
    await tokens.signOutByProvider({ session: 'https://id 4', subject: 'https://id bob' });
    await tokens.signOutByProvider({ session: 'https://id 4' });
    await tokens.signOutByProvider({ session: 'https://id 4', subject: 'https://id ada' });
    expect(ended).toEqual([first.family, second.family, unnamed.family]);
    expect(await tokens.verify(bobs.access)).toMatchObject({ user: 'bob' });
  });

  it('is in the database by nothing that lets anybody in', async () => {
    const { refresh, access } = await tokens.signIn('ada');
    const rows = JSON.stringify(await database.db.selectFrom('web_refresh').selectAll().execute());
    expect(rows).not.toContain(refresh);
    expect(rows).not.toContain(access);
    const other = tokensWith(await temporaryFile(randomBytes(32).toString('base64url')));
    await expect(other.verify(access)).rejects.toMatchObject(refused);
  });
});
