import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe } from 'vitest';
import type { DatabaseKind } from '../database/index.js';
import { type PostgresServer, postgresMissing, startPostgres } from './postgres.js';

/** Variables that name a database. */
export type DatabaseSettings = Readonly<Record<string, string>>;

/** Runs the same tests on SQLite and on a real PostgreSQL server, each time with a database that is empty. */
export function onEachDatabase(
  name: string,
  tests: (newDatabase: () => Promise<DatabaseSettings>, kind: DatabaseKind) => void,
): void {
  describe(`${name} on SQLite`, () => {
    tests(
      async () => ({
        DATABASE_FILE: path.join(await mkdtemp(path.join(tmpdir(), 'sqlite-')), 'test.db'),
      }),
      'sqlite',
    );
  });
  const reason = postgresMissing === undefined ? '' : ` (cannot be tested here: ${postgresMissing})`;
  describe.skipIf(postgresMissing !== undefined)(`${name} on PostgreSQL${reason}`, () => {
    let server: PostgresServer;
    beforeAll(async () => {
      server = await startPostgres();
    });
    afterAll(() => server.stop());
    tests(
      async () => ({ DATABASE_URL: await server.newDatabase(), DATABASE_TRUST_FILE: server.trustFile }),
      'postgres',
    );
  });
}
