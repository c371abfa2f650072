import { signal } from '@preact/signals';
import { routes } from '../../api/routes.js';
import type { Found } from '../../api/threads.js';
import { ask } from '../net/ask.js';
import { complain } from './notices.js';

export const query = signal('');
/** What was found for it; undefined while nothing is looked for. */
export const results = signal<Found | undefined>(undefined);

const PAGE = 20;
const PAUSE_MS = 200;
let timer: ReturnType<typeof setTimeout> | undefined;
let asking: AbortController | undefined;

/** Looks for the words, once no more are typed for a moment. */
export function lookFor(text: string): void {
  query.value = text;
  clearTimeout(timer);
  asking?.abort();
  if (text.trim() === '') {
    results.value = undefined;
    return;
  }
  timer = setTimeout(() => void look(text), PAUSE_MS);
}

export function lookFurther(): Promise<void> {
  return look(query.value, results.value);
}

async function look(text: string, known?: Found): Promise<void> {
  const mine = new AbortController();
  asking = mine;
  const { signal: aborted } = mine;
  const last = known?.entries.at(-1);
  const before = last ? `&before=${last.id}` : '';
  try {
    const found = await ask<Found>(`${routes.search}?q=${encodeURIComponent(text)}&limit=${PAGE}${before}`, {
      signal: aborted,
    });
    results.value = {
      ...found,
      entries: [...(known?.entries ?? []), ...found.entries],
      titles: { ...known?.titles, ...found.titles },
    };
  } catch (error) {
    if (!aborted.aborted) complain(error);
  }
}
