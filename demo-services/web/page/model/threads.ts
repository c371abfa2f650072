import { computed, signal } from '@preact/signals';
import type { Entry } from '../../api/entries.js';
import { routes } from '../../api/routes.js';
import type { NewThread, ThreadDetail, ThreadList, ThreadSummary } from '../../api/threads.js';
import { ask, tell } from '../net/ask.js';
import { me } from '../net/session.js';
import { sorted, withNews } from '../state/listing.js';
import { here } from './place.js';
import { seen } from './settings.js';

/** One's threads; undefined until they are known. */
export const threads = signal<readonly ThreadSummary[] | undefined>(undefined);
export const details = signal<Readonly<Record<string, ThreadDetail>>>({});
/** Who is here, as far as it was told. */
export const online = signal<Readonly<Record<string, boolean>>>({});

/** Threads with something that was not seen yet. */
export const unread = computed(
  () =>
    new Set(
      (threads.value ?? [])
        .filter(({ id, newest }) => {
          if (newest === undefined || newest.author === me.value) return false;
          return newest.id > (seen.value[seenName(id)] ?? '');
        })
        .map(({ id }) => id),
    ),
);

/** @returns the position of the log that the list stands for */
export async function loadThreads(): Promise<string> {
  const list = await ask<ThreadList>(routes.threads);
  threads.value = sorted(list.threads);
  return list.position;
}

export async function loadDetail(thread: string): Promise<void> {
  keepDetail(await ask<ThreadDetail>(routes.thread(thread)));
}

export async function createThread(body: NewThread): Promise<ThreadDetail> {
  const detail = await tell<ThreadDetail>(routes.threads, body);
  keepDetail(detail);
  await loadThreads();
  return detail;
}

export async function invite(thread: string, name: string): Promise<void> {
  keepDetail(await tell<ThreadDetail>(routes.members(thread), { name }));
}

export async function removeMember(thread: string, name: string): Promise<void> {
  await ask(routes.member(thread, name), { method: 'DELETE' });
  if (name === me.value) await loadThreads();
  else await loadDetail(thread);
}

export function heardOf(entry: Entry): void {
  if (threads.value) threads.value = withNews(threads.value, entry);
  if (entry.thread === here.value && document.hasFocus()) sawAll(entry.thread);
}

/** Everything of a thread counts as seen from now on. */
export function sawAll(thread: string): void {
  const newest = threads.value?.find(({ id }) => id === thread)?.newest?.id;
  if (newest === undefined || seen.value[seenName(thread)] === newest) return;
  seen.value = { ...seen.value, [seenName(thread)]: newest };
}

/** Several people may use one browser. */
function seenName(thread: string): string {
  return `${me.value} ${thread}`;
}

function keepDetail(detail: ThreadDetail): void {
  details.value = { ...details.value, [detail.id]: detail };
  online.value = {
    ...online.value,
    ...Object.fromEntries(detail.members.map(member => [member.name, member.online])),
  };
}
