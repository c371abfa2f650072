import { computed, signal } from '@preact/signals';
import { drop, type Kept, keep } from '../net/shelf.js';
import { notify } from './notices.js';

/** Recordings and pictures that the front door does not have yet. */
export const kept = signal<readonly Kept[]>([]);
/** Those that wait for their author to send or to discard them. */
export const unsent = computed(() => kept.value.filter(({ sent }) => !sent));

/** A URL of each, for as long as it is held. */
const urls = new Map<string, string>();

export function urlOf({ key, blob }: Kept): string {
  const known = urls.get(key) ?? URL.createObjectURL(blob);
  urls.set(key, known);
  return known;
}

/** Held by the page at once, and by the browser as soon as its disk has it. */
export async function store(item: Kept): Promise<void> {
  const at = kept.value.findIndex(({ key }) => key === item.key);
  kept.value = at === -1 ? [...kept.value, item] : kept.value.with(at, item);
  await keep(item).catch(() =>
    notify('This browser keeps nothing: do not close the page before it is sent.', true),
  );
}

export async function discard(key: string): Promise<void> {
  kept.value = kept.value.filter(one => one.key !== key);
  const url = urls.get(key);
  urls.delete(key);
  if (url) URL.revokeObjectURL(url);
  await drop(key).catch(() => undefined);
}
