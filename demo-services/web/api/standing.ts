import type { Entry } from './entries.js';

export type Status = 'stored' | 'transcribing' | 'done' | 'failed';

/** Where a message stands. A result counts more than a dead letter that says the like of it. */
export function statusOf({ transcript, picture, failure, pending }: Entry): Status {
  if (transcript ?? picture) return 'done';
  if (failure) return 'failed';
  return pending ? 'stored' : 'transcribing';
}

/**
 * The entry with what a live event tells more. Whatever comes twice changes nothing: of each part the first counts, and
 * what once was in the log waits in no outbox any more.
 */
export function merged(known: Entry | undefined, part: Entry): Entry {
  if (known === undefined) return part;
  const { pending: _, ...all } = { ...part, ...known };
  return known.pending && part.pending ? { ...all, pending: true } : all;
}
