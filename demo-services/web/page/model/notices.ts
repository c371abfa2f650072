import { signal } from '@preact/signals';

export interface Notice {
  readonly id: number;
  readonly text: string;
  readonly grave: boolean;
}

/** What is shown for some seconds, and read out. */
export const notices = signal<readonly Notice[]>([]);
/** What is only read out, to whoever doesn't see it happen. */
export const announcement = signal('');

const LASTS_MS = 6_000;
let count = 0;

export function notify(text: string, grave = false): void {
  const id = ++count;
  notices.value = [...notices.value.filter(one => one.text !== text), { id, text, grave }];
  setTimeout(() => dismiss(id), LASTS_MS);
}

/** Whatever went wrong, in its own words. */
export function complain(error: unknown): void {
  const text = error instanceof Error ? error.message : String(error);
  notify(`${text.charAt(0).toUpperCase()}${text.slice(1)}.`, true);
}

export function dismiss(id: number): void {
  notices.value = notices.value.filter(one => one.id !== id);
}

export function announce(text: string): void {
  // The same text again is news too.
  announcement.value = announcement.value === text ? `${text}\u00a0` : text;
}
