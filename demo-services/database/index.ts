export { type DatabaseEnv, databaseEnv } from './env.js';
export { type Database, type DatabaseKind, databaseError, openDatabase } from './open.js';
