import { createHash } from 'node:crypto';
import { encodeTime } from 'ulid';
import type { z } from 'zod';
import { type ThreadSummary, type threadsQuery, ulid } from './api/index.js';

const BASE32 = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const TIME_CHARS = 10;
const RANDOM_CHARS = 16;

/** The mark of a thread in which nothing was said: its id, or a ULID of its own made of what never changes. */
export function beginningOf(id: string, createdAt: string): string {
  if (ulid.safeParse(id).success) return id;
  const digest = createHash('sha256').update(id).digest().subarray(0, RANDOM_CHARS);
  const rest = Array.from(digest, byte => BASE32[byte % BASE32.length]).join('');
  return encodeTime(Date.parse(createdAt), TIME_CHARS) + rest;
}

/** Next to the cursor, in either direction. A thread that has moved meanwhile may come twice, and is left out by nobody. */
export function pageOf<One extends Pick<ThreadSummary, 'mark'>>(
  all: readonly One[],
  { before, after, limit }: z.output<typeof threadsQuery>,
): { readonly threads: One[]; readonly hasBefore: boolean; readonly hasAfter: boolean } {
  const sorted = all.toSorted((a, b) => (a.mark > b.mark ? -1 : 1));
  const count = (is: (mark: string) => boolean) => sorted.filter(({ mark }) => is(mark)).length;
  const newer = after === undefined ? 0 : count(mark => mark > after);
  const from =
    after !== undefined
      ? Math.max(0, newer - limit)
      : before !== undefined
        ? count(mark => mark >= before)
        : 0;
  const to = after !== undefined ? newer : from + limit;
  return { threads: sorted.slice(from, to), hasBefore: to < sorted.length, hasAfter: from > 0 };
}
