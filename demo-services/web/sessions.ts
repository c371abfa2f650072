import type { Kysely } from 'kysely';
import { remembering } from './remembering.js';
import type { Tables } from './tables.js';

/**
 * Which sessions go on. Asked with every access token, so that one that was signed out here or at the provider is over
 * at once, and not when its token ends. Remembered as memberships are.
 */
export interface Sessions {
  isOpen(family: string): Promise<boolean>;
  /** Ends what is under way of them: live pages and recordings. */
  ended(families: readonly string[]): void;
  /** Calls `end` once, when the session has ended. @returns how to stop */
  watch(family: string, end: () => void): () => void;
  /** Forgets all. */
  forget(): void;
}

export function sessionsOf(db: Kysely<Tables>, signalsArrive: () => boolean): Sessions {
  const open = remembering(async family => {
    const found = await db
      .selectFrom('web_refresh')
      .select('family')
      .where('family', '=', family)
      .executeTakeFirst();
    return found !== undefined;
  }, signalsArrive);
  const watching = new Map<string, Set<() => void>>();
  return {
    isOpen: open.get,
    ended: families => {
      for (const family of families) {
        open.forget(family);
        const ends = watching.get(family) ?? [];
        watching.delete(family);
        for (const end of ends) end();
      }
    },
    watch: (family, end) => {
      const ends = watching.get(family) ?? new Set();
      watching.set(family, ends.add(end));
      return () => {
        ends.delete(end);
        if (ends.size === 0 && watching.get(family) === ends) watching.delete(family);
      };
    },
    forget: open.clear,
  };
}
