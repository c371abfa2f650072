import type { Entry } from '../../api/entries.js';
import { merged } from '../../api/standing.js';
import type { Page } from '../../api/threads.js';

/** The part of a thread that a page holds: without gaps, oldest first. ULIDs sort by time. */
export interface Timeline {
  readonly entries: readonly Entry[];
  readonly hasBefore: boolean;
  readonly hasAfter: boolean;
  /** What live events told of messages outside: a page that was read before the event may yet bring them in. */
  readonly aside: readonly Entry[];
}

/** Where a page was asked for: beside what is held, or in place of it (the newest, or around a search result). */
export type Place = 'before' | 'after' | 'anew';

export const emptyTimeline: Timeline = { entries: [], hasBefore: false, hasAfter: false, aside: [] };

/** The timeline with one page more. Messages that came live meanwhile stay. */
export function withPage(held: Timeline, page: Page, place: Place): Timeline {
  const kept = place === 'anew' ? [] : held.entries;
  const outside = place === 'anew' ? [...held.entries, ...held.aside] : held.aside;
  const timeline: Timeline = {
    entries: page.entries.reduce(put, kept),
    hasBefore: place === 'after' ? held.hasBefore : page.hasBefore,
    hasAfter: place === 'before' ? held.hasAfter : page.hasAfter,
    aside: [],
  };
  return outside.reduce(withEntry, timeline);
}

/** The timeline with what a live event tells. An event that comes twice changes nothing. */
export function withEntry(held: Timeline, part: Entry): Timeline {
  if (!covers(held, part.id)) return { ...held, aside: put(held.aside, part) };
  return { ...held, entries: put(held.entries, part) };
}

/** The messages to show: one is gone when its author's next attempt has taken its place. */
export function shown({ entries }: Timeline): readonly Entry[] {
  const replaced = new Set(entries.map(({ author, replaces }) => `${author} ${replaces}`));
  return entries.filter(({ id, author }) => !replaced.has(`${author} ${id}`));
}

/** Beyond an end that has more, a message would stand beside a gap. */
function covers({ entries, hasBefore, hasAfter }: Timeline, id: string): boolean {
  const first = entries[0]?.id;
  const last = entries.at(-1)?.id;
  if (hasBefore && first !== undefined && id < first) return false;
  return !(hasAfter && last !== undefined && id > last);
}

function put(entries: readonly Entry[], part: Entry): readonly Entry[] {
  const at = entries.findIndex(({ id }) => id >= part.id);
  if (at === -1) return [...entries, part];
  const known = entries[at]?.id === part.id ? entries[at] : undefined;
  return [...entries.slice(0, at), merged(known, part), ...entries.slice(known ? at + 1 : at)];
}
