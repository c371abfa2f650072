import { computed, signal } from '@preact/signals';
import { me } from '../net/session.js';
import { drop, type Kept, keep, keptUnder } from '../net/shelf.js';
import { notify } from './notices.js';

/** Recordings and pictures that the front door does not have yet. */
export const kept = signal<readonly Kept[]>([]);
/** Those that wait for their author to send or to discard them. */
export const unsent = computed(() => kept.value.filter(({ sent }) => !sent));

/** A URL of each, for as long as it is held. */
const urls = new Map<string, string>();
/** Keys that the browser's disk holds: what is there no more was sent or discarded in another tab. */
const onDisk = new Set<string>();
/** Keys of which the page holds more than the disk could take. */
const newerHere = new Set<string>();

export function urlOf({ key, blob }: Kept): string {
  const known = urls.get(key) ?? URL.createObjectURL(blob);
  urls.set(key, known);
  return known;
}

/** Held by the page at once, and by the browser as soon as its disk has it. */
export async function store(item: Kept): Promise<void> {
  show(item);
  await keep(item).then(
    () => {
      onDisk.add(item.key);
      newerHere.delete(item.key);
    },
    () => {
      newerHere.add(item.key);
      notify('This browser keeps nothing: do not close the page before it is sent.', true);
    },
  );
}

/** What is kept under a key by now, whichever tab has changed it; undefined when one has sent or discarded it. */
export async function current(key: string): Promise<Kept | undefined> {
  const mine = kept.value.find(one => one.key === key);
  if (mine && newerHere.has(key)) return mine;
  const found = await keptUnder(key, me.value ?? '').catch(() => mine);
  if (found) onDisk.add(key);
  else if (mine && !onDisk.has(key)) return mine;
  if (found) show(found);
  else hide(key);
  return found;
}

export async function discard(key: string): Promise<void> {
  newerHere.delete(key);
  hide(key);
  await drop(key).catch(() => undefined);
}

function show(item: Kept): void {
  const at = kept.value.findIndex(({ key }) => key === item.key);
  kept.value = at === -1 ? [...kept.value, item] : kept.value.with(at, item);
}

function hide(key: string): void {
  kept.value = kept.value.filter(one => one.key !== key);
  const url = urls.get(key);
  urls.delete(key);
  if (url) URL.revokeObjectURL(url);
}
