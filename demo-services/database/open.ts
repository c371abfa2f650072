import { readFile } from 'node:fs/promises';
import { Kysely, type Migration, Migrator } from 'kysely';
import { ServiceError } from '../errors.js';
import type { DatabaseEnv } from './env.js';
import { postgresDialect } from './postgres.js';
import { sqliteDialect } from './sqlite.js';

export type DatabaseKind = 'sqlite' | 'postgres';

export interface Database<Tables> {
  readonly kind: DatabaseKind;
  readonly db: Kysely<Tables>;
  close(): Promise<void>;
}

export interface DatabaseProps {
  readonly env: DatabaseEnv;
  /** Whose it is: services may share a server and a database. */
  readonly owner: string;
  /** In the order of their names. Whatever differs between the two kinds is decided here. */
  readonly migrations: (kind: DatabaseKind) => Readonly<Record<string, Migration>>;
}

/** Opens the database and brings its tables up to date; of several processes that do so at once, one does the work. */
export async function openDatabase<Tables>(props: DatabaseProps): Promise<Database<Tables>> {
  const { kind, dialect } = await dialectOf(props.env);
  const db = new Kysely<Tables>({ dialect });
  const migrator = new Migrator({
    db,
    provider: { getMigrations: async () => ({ ...props.migrations(kind) }) },
    migrationTableName: `${props.owner}_migrations`,
    migrationLockTableName: `${props.owner}_migrations_lock`,
  });
  try {
    const { error } = await migrator.migrateToLatest();
    if (error !== undefined) throw databaseError(error);
  } catch (error) {
    await db.destroy();
    throw databaseError(error);
  }
  return { kind, db, close: () => db.destroy() };
}

async function dialectOf(env: DatabaseEnv) {
  const { DATABASE_FILE: file, DATABASE_URL: url, DATABASE_URL_FILE: urlFile } = env;
  if ([file, url, urlFile].filter(value => value !== undefined).length !== 1) {
    throw new ServiceError(
      'EnvironmentInvalid',
      'one of DATABASE_FILE, DATABASE_URL, DATABASE_URL_FILE must be set',
    );
  }
  if (file !== undefined) return { kind: 'sqlite' as const, dialect: sqliteDialect(file) };
  const connectionString = url ?? (await readFile(urlFile ?? '', 'utf8')).trim();
  const dialect = postgresDialect({ connectionString, trustFile: env.DATABASE_TRUST_FILE });
  return { kind: 'postgres' as const, dialect };
}

/** What went wrong, without the statement and its values. */
export function databaseError(cause: unknown): ServiceError {
  if (cause instanceof ServiceError) return cause;
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : undefined;
  return new ServiceError('DatabaseUnavailable', 'the database does not answer, or refuses', {
    saw: code ?? (cause instanceof Error ? cause.name : typeof cause),
    cause,
  });
}
