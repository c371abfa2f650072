import { z } from 'zod';
import { variable } from '../runtime/env.js';

const postgresUrl = z.url({
  protocol: /^postgres(ql)?$/,
  error: 'wanted postgres://user:password@host/name',
});

/** What a service is told that keeps a database: a file of its own, or a PostgreSQL server. */
export const databaseEnv = z.object({
  /** SQLite file; it is made when there is none. */
  DATABASE_FILE: variable.file.optional(),
  DATABASE_URL: postgresUrl.optional(),
  /** File that holds what DATABASE_URL would, so that no environment shows a password. */
  DATABASE_URL_FILE: variable.file.optional(),
  /** Roots that sign the server's certificate. Unset: the public ones. */
  DATABASE_TRUST_FILE: variable.file.optional(),
});

export type DatabaseEnv = z.output<typeof databaseEnv>;
