import { z } from 'zod';

/** Names of people and ids of threads, as the contract of the topics has them. */
export const name = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._:-]{0,63}$/, 'wanted 1 to 64 of A-Z a-z 0-9 . _ : -');

/** Ids of messages and uploads. */
export const ulid = z.string().regex(/^[0-7][0-9A-HJKMNP-TV-Z]{25}$/, 'wanted a ULID in upper case');

export const title = z
  .string()
  .trim()
  .regex(/^[^\p{C}<>]{1,80}$/u, 'wanted 1 to 80 characters without < and >');

export const instant = z.iso.datetime({ precision: 3 });

/** The form of every answer that is an error; `code` is stable: docs/errors.md. */
export const problem = z.object({ code: z.string(), message: z.string() });
export type Problem = z.output<typeof problem>;
