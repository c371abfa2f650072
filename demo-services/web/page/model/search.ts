import { signal } from '@preact/signals';
import type { Entry } from '../../api/entries.js';
import { routes } from '../../api/routes.js';
import type { Found } from '../../api/threads.js';
import { ask } from '../net/ask.js';
import { complain } from './notices.js';

export const query = signal('');
/** What was found for it; undefined while nothing is looked for. */
export const results = signal<{ readonly entries: readonly Entry[]; readonly more: boolean } | undefined>(
  undefined,
);

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
  timer = setTimeout(() => void look(text, []), PAUSE_MS);
}

export function lookFurther(): Promise<void> {
  return look(query.value, results.value?.entries ?? []);
}

async function look(text: string, known: readonly Entry[]): Promise<void> {
  const mine = new AbortController();
  asking = mine;
  const { signal: aborted } = mine;
  const last = known.at(-1);
  const before = last ? `&before=${last.id}` : '';
  try {
    const { entries } = await ask<Found>(
      `${routes.search}?q=${encodeURIComponent(text)}&limit=${PAGE}${before}`,
      { signal: aborted },
    );
    results.value = { entries: [...known, ...entries], more: entries.length === PAGE };
  } catch (error) {
    if (!aborted.aborted) complain(error);
  }
}
