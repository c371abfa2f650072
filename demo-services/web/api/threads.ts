import { z } from 'zod';
import { entry } from './entries.js';
import { instant, name, title, ulid } from './names.js';

/** Where the log stands: open GET /api/events?after= with it, and nothing is missed in between. */
export const position = z.string().max(1_000).describe('Opaque.');

export const threadSummary = z.object({
  id: name,
  title,
  createdAt: instant,
  newest: entry.optional(),
  /** When something last happened: id of the newest message, or a ULID of when it was begun. No two have the same. */
  mark: ulid,
});
export type ThreadSummary = z.output<typeof threadSummary>;

export const threadList = z.object({
  /** Those in which something happened last come first. */
  threads: z.array(threadSummary),
  /** Whether there are more in which something last happened before the last of these, or after the first. */
  hasBefore: z.boolean(),
  hasAfter: z.boolean(),
  position,
});
export type ThreadList = z.output<typeof threadList>;

export const member = z.object({ name, online: z.boolean() });
export const threadDetail = z.object({ id: name, title, createdAt: instant, members: z.array(member) });
export type ThreadDetail = z.output<typeof threadDetail>;

/** The creator is a member without being named. */
export const newThread = z.object({ title, members: z.array(name).max(50).default([]) });
export type NewThread = z.input<typeof newThread>;

export const newMember = z.object({ name });

const limit = z.coerce.number().int().min(1).max(100).default(50);

/** At most one of `before`, `after`, each the `mark` of a thread; none: those in which something happened last. */
export const threadsQuery = z
  .object({ before: ulid.optional(), after: ulid.optional(), limit })
  .refine(({ before, after }) => before === undefined || after === undefined, {
    error: 'wanted one of before, after',
  });

/** At most one of `before`, `after`, `around`; none: the newest. */
export const pageQuery = z
  .object({ before: ulid.optional(), after: ulid.optional(), around: ulid.optional(), limit })
  .refine(({ before, after, around }) => [before, after, around].filter(Boolean).length <= 1, {
    error: 'wanted one of before, after, around',
  });

export const page = z.object({
  /** Oldest first. */
  entries: z.array(entry),
  hasBefore: z.boolean(),
  hasAfter: z.boolean(),
  position,
});
export type Page = z.output<typeof page>;

/** Words, all of which occur; the last one may be unfinished. */
export const searchQuery = z.object({
  q: z.string().trim().min(1).max(200),
  /** Only in this thread. */
  thread: name.optional(),
  /** Results older than this one. */
  before: ulid.optional(),
  limit,
});
export const found = z.object({
  /** Newest first. */
  entries: z.array(entry),
  /** Whether more is found: ask with `before` the last of these. */
  hasBefore: z.boolean(),
  /** Titles of the threads that they are in. */
  titles: z.record(name, title),
});
export type Found = z.output<typeof found>;
