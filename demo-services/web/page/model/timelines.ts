import { signal } from '@preact/signals';
import type { Entry } from '../../api/entries.js';
import { routes } from '../../api/routes.js';
import type { Page } from '../../api/threads.js';
import { ask } from '../net/ask.js';
import { emptyTimeline, type Place, type Timeline, withEntry, withPage } from '../state/timeline.js';

/** The part of each thread that this page holds. */
export const timelines = signal<Readonly<Record<string, Timeline>>>({});

const PAGE = 30;
const loading = new Map<string, Promise<void>>();

export function timelineOf(thread: string): Timeline | undefined {
  return timelines.value[thread];
}

/** The newest messages, in place of what is held. */
export function loadNewest(thread: string): Promise<void> {
  return load(thread, 'anew', '');
}

/** A message and what stands around it, in place of what is held. */
export function loadAround(thread: string, id: string): Promise<void> {
  return load(thread, 'anew', `&around=${id}`);
}

/** One page more at an end. Nothing to do where there is no more. */
export async function loadMore(thread: string, side: 'before' | 'after'): Promise<void> {
  const held = timelineOf(thread);
  const end = side === 'before' ? held?.entries[0] : held?.entries.at(-1);
  const more = side === 'before' ? held?.hasBefore : held?.hasAfter;
  if (more && end) await load(thread, side, `&${side}=${end.id}`);
}

/** What a live event tells of a message. Threads that are not held are left to their first page. */
export function place(entry: Entry): void {
  const held = timelineOf(entry.thread);
  if (held) set(entry.thread, withEntry(held, entry));
}

export function forget(): void {
  timelines.value = {};
}

/** The same page asked for twice at once is asked for once. */
function load(thread: string, where: Place, cursor: string): Promise<void> {
  const name = `${thread} ${where} ${cursor}`;
  const known = loading.get(name);
  if (known) return known;
  const work = ask<Page>(`${routes.messages(thread)}?limit=${PAGE}${cursor}`)
    .then(page => set(thread, withPage(timelineOf(thread) ?? emptyTimeline, page, where)))
    .finally(() => loading.delete(name));
  loading.set(name, work);
  return work;
}

function set(thread: string, timeline: Timeline): void {
  timelines.value = { ...timelines.value, [thread]: timeline };
}
