import { SqliteDialect } from 'kysely';
import SqliteFile from 'libsql';

/** How long a statement waits for another process that has the file, ms. */
const BUSY_MS = 5_000;

/**
 * One connection to one file. With the write-ahead log and a flush at each commit, what is committed survives a kill
 * and a power cut.
 */
export function sqliteDialect(file: string): SqliteDialect {
  return new SqliteDialect({
    database: async () => {
      const database = new SqliteFile(file);
      for (const setting of [
        'journal_mode = WAL',
        'synchronous = FULL',
        `busy_timeout = ${BUSY_MS}`,
        'foreign_keys = ON',
      ]) {
        database.pragma(setting);
      }
      return database;
    },
  });
}
