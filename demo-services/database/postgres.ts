import { readFileSync } from 'node:fs';
import { PostgresDialect } from 'kysely';
import pg from 'pg';

export interface PostgresProps {
  readonly connectionString: string;
  /** @default - the public roots */
  readonly trustFile?: string | undefined;
}

const MAX_CONNECTIONS = 10;
const CONNECT_MS = 5_000;
const STATEMENT_MS = 15_000;
/** PostgreSQL's number of `bigint`, which `pg` would give as text. */
const INT8 = 20;

/**
 * A pool of connections, each over TLS: chain and host name are verified whatever the connection string says, and the
 * trust file is read for each anew.
 */
export function postgresDialect({ connectionString, trustFile }: PostgresProps): PostgresDialect {
  const types = new pg.TypeOverrides();
  types.setTypeParser(INT8, Number);
  return new PostgresDialect({
    pool: async () => {
      const pool = new pg.Pool({
        connectionString: withoutTlsSettings(connectionString),
        types,
        max: MAX_CONNECTIONS,
        connectionTimeoutMillis: CONNECT_MS,
        statement_timeout: STATEMENT_MS,
        keepAlive: true,
        ssl: {
          get ca() {
            return trustFile === undefined ? undefined : readFileSync(trustFile);
          },
        },
      });
      // A server that restarts breaks idle connections; the pool makes new ones.
      pool.on('error', () => undefined);
      return pool;
    },
  });
}

/** In a connection string they would take the place of ours: `sslmode=require` would not even mean verified. */
function withoutTlsSettings(connectionString: string): string {
  const url = new URL(connectionString);
  for (const name of [...url.searchParams.keys()]) {
    if (name.startsWith('ssl') || name === 'uselibpqcompat') url.searchParams.delete(name);
  }
  return url.href;
}
