import type { Kysely } from 'kysely';
import { remembering } from './remembering.js';
import type { Tables } from './tables.js';

/**
 * Who belongs to which thread. Asked at every read, write, presigned URL and live event, so it is remembered until a
 * signal says that it has changed; while signals don't arrive nothing is remembered, and what was is forgotten.
 */
export interface Membership {
  membersOf(thread: string): Promise<ReadonlySet<string>>;
  threadsOf(user: string): Promise<ReadonlySet<string>>;
  isMember(thread: string, user: string): Promise<boolean>;
  /** Forgets what it knows of a thread and of those who have joined or left. */
  changed(thread: string, names: readonly string[]): void;
  /** Forgets all. */
  forget(): void;
}

export function membershipOf(db: Kysely<Tables>, signalsArrive: () => boolean): Membership {
  const members = remembering(async thread => {
    const rows = await db.selectFrom('web_members').select('name').where('thread', '=', thread).execute();
    return new Set(rows.map(({ name }) => name));
  }, signalsArrive);
  const threads = remembering(async name => {
    const rows = await db.selectFrom('web_members').select('thread').where('name', '=', name).execute();
    return new Set(rows.map(({ thread }) => thread));
  }, signalsArrive);
  return {
    membersOf: members.get,
    threadsOf: threads.get,
    isMember: async (thread, user) => (await members.get(thread)).has(user),
    changed: (thread, names) => {
      members.forget(thread);
      for (const name of names) threads.forget(name);
    },
    forget: () => {
      members.clear();
      threads.clear();
    },
  };
}
