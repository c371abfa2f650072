import type { Migration } from 'kysely';
import { afterEach, describe, expect, it } from 'vitest';
import { onEachDatabase } from '../testing/databases.js';
import { strangersRoot } from '../testing/parts.js';
import { type PostgresServer, postgresMissing, startPostgres } from '../testing/postgres.js';
import { type Database, openDatabase } from './index.js';

interface Tables {
  readonly things: { readonly id: string; readonly size: number };
}

const first: Migration = {
  up: db =>
    db.schema
      .createTable('things')
      .addColumn('id', 'text', column => column.primaryKey())
      .addColumn('size', 'bigint', column => column.notNull())
      .execute(),
};
const migrations = () => ({ '1': first });
const opened: Database<Tables>[] = [];
const open = async (env: Parameters<typeof openDatabase>[0]['env'], owner = 'tests') => {
  const database = await openDatabase<Tables>({ env, owner, migrations });
  opened.push(database);
  return database;
};
afterEach(async () => {
  await Promise.all(opened.splice(0).map(database => database.close()));
});

onEachDatabase('a database', newDatabase => {
  it('has its tables after the first opening, and keeps its rows over the next ones', async () => {
    const env = await newDatabase();
    const one = await open(env);
    await one.db.insertInto('things').values({ id: 'a', size: 5_000_000_000 }).execute();
    const other = await open(env);
    expect(await other.db.selectFrom('things').selectAll().execute()).toEqual([
      { id: 'a', size: 5_000_000_000 },
    ]);
  });

  it('takes back what was written when a transaction fails', async () => {
    const { db } = await open(await newDatabase());
    const failing = db.transaction().execute(async trx => {
      await trx.insertInto('things').values({ id: 'a', size: 1 }).execute();
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    expect(await db.selectFrom('things').selectAll().execute()).toEqual([]);
  });
});

it('asks for exactly one database', async () => {
  await expect(open({})).rejects.toMatchObject({ code: 'EnvironmentInvalid' });
  const both = { DATABASE_FILE: '/a', DATABASE_URL: 'postgres://a/b' };
  await expect(open(both)).rejects.toMatchObject({ code: 'EnvironmentInvalid' });
});

describe.skipIf(postgresMissing !== undefined)(
  `the connection to PostgreSQL ${postgresMissing ?? ''}`,
  () => {
    let server: PostgresServer | undefined;
    afterEach(() => server?.stop());

    it('is made to nobody but the server that the trust file names, whatever the URL says', async () => {
      server = await startPostgres();
      const url = await server.newDatabase();
      const stranger = { DATABASE_URL: url, DATABASE_TRUST_FILE: await strangersRoot() };
      await expect(open(stranger)).rejects.toMatchObject({ code: 'DatabaseUnavailable' });
      for (const mode of ['no-verify', 'disable', 'require', 'prefer']) {
        const asked = { ...stranger, DATABASE_URL: `${url}?sslmode=${mode}` };
        await expect(open(asked)).rejects.toMatchObject({ code: 'DatabaseUnavailable' });
      }
    });

    it('is not made to a server that is certified as another one', async () => {
      server = await startPostgres('elsewhere.example.com');
      const env = {
        DATABASE_URL: `postgres://tests@localhost:${server.port}/postgres`,
        DATABASE_TRUST_FILE: server.trustFile,
      };
      await expect(open(env)).rejects.toMatchObject({
        code: 'DatabaseUnavailable',
        saw: 'ERR_TLS_CERT_ALTNAME_INVALID',
      });
    });

    it('is one of several that open an empty database at once: one makes the tables', async () => {
      server = await startPostgres();
      const env = { DATABASE_URL: await server.newDatabase(), DATABASE_TRUST_FILE: server.trustFile };
      const all = await Promise.all(Array.from({ length: 4 }, () => open(env)));
      expect(await all[0]?.db.selectFrom('things').selectAll().execute()).toEqual([]);
    });

    it('is mended after the server was killed, and nothing committed is lost', async () => {
      server = await startPostgres();
      const { db } = await open({
        DATABASE_URL: await server.newDatabase(),
        DATABASE_TRUST_FILE: server.trustFile,
      });
      await db.insertInto('things').values({ id: 'a', size: 1 }).execute();
      await server.crash();
      await db
        .insertInto('things')
        .values({ id: 'b', size: 2 })
        .execute()
        .catch(() => undefined);
      await db.insertInto('things').values({ id: 'c', size: 3 }).execute();
      expect(await db.selectFrom('things').select('id').execute()).toEqual(
        expect.arrayContaining([{ id: 'a' }, { id: 'c' }]),
      );
    });
  },
);
