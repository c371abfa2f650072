import { computed, signal } from '@preact/signals';
import type { Entry } from '../../api/entries.js';
import { routes } from '../../api/routes.js';
import type { NewThread, ThreadDetail, ThreadList, ThreadSummary } from '../../api/threads.js';
import { ask, tell } from '../net/ask.js';
import { me } from '../net/session.js';
import { sorted, withNews, withOlder } from '../state/listing.js';
import { here } from './place.js';
import { seen } from './settings.js';

/** One's threads, as many as were asked for; undefined until they are known. */
export const threads = signal<readonly ThreadSummary[] | undefined>(undefined);
/** Whether there are more. */
export const hasMore = signal(false);
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

const PAGE = 50;
let loading: Promise<void> | undefined;

/** As many as there were before, anew. @returns the position of the log that the list stands for */
export async function loadThreads(): Promise<string> {
  const wanted = threads.value?.length ?? 0;
  const first = await page();
  let [all, more] = [sorted(first.threads), first.hasBefore];
  while (more && all.length < wanted) {
    const next = await page(all.at(-1)?.mark);
    all = withOlder(all, next.threads);
    more = next.hasBefore;
  }
  threads.value = all;
  hasMore.value = more;
  return first.position;
}

/** One page more. Asked for twice at once it is asked for once. */
export function loadMoreThreads(): Promise<void> {
  loading ??= page(threads.value?.at(-1)?.mark)
    .then(({ threads: older, hasBefore }) => {
      threads.value = withOlder(threads.value ?? [], older);
      hasMore.value = hasBefore;
    })
    .finally(() => {
      loading = undefined;
    });
  return loading;
}

function page(before?: string): Promise<ThreadList> {
  return ask<ThreadList>(`${routes.threads}?limit=${PAGE}${before ? `&before=${before}` : ''}`);
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
  if (threads.value?.some(({ id }) => id === entry.thread)) threads.value = withNews(threads.value, entry);
  else if (isNewer(entry)) void moveUp(entry).catch(() => undefined);
  if (entry.thread === here.value && document.hasFocus()) sawAll(entry.thread);
}

/** Than the last thread that is listed: else it is on a page that was not asked for yet. */
function isNewer({ id }: Entry): boolean {
  const last = threads.value?.at(-1)?.mark;
  return threads.value !== undefined && (last === undefined || id > last);
}

/** Something was said in a thread that was not listed yet. */
async function moveUp(entry: Entry): Promise<void> {
  const { id, title, createdAt } = await ask<ThreadDetail>(routes.thread(entry.thread));
  const listed = withOlder(threads.value ?? [], [{ id, title, createdAt, mark: '' }]);
  threads.value = withNews(listed, entry);
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
