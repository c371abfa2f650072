import { effect, type Signal, signal } from '@preact/signals';

export type Theme = 'auto' | 'light' | 'dark';

export const theme = remembered<Theme>('theme', 'auto');
/** How fast recordings play. */
export const speed = remembered('speed', 1);
/** Whether single letters do something: who dictates to the computer turns it off. */
export const shortcuts = remembered('shortcuts', true);
/** Newest message that each person has seen in each thread, in this browser. */
export const seen = remembered<Readonly<Record<string, string>>>('seen', {});

export const SPEEDS = [1, 1.25, 1.5, 2, 0.75] as const;

/** What the page looks like follows the system until somebody says otherwise. */
export function applyTheme(): void {
  effect(() => {
    if (theme.value === 'auto') delete document.documentElement.dataset['theme'];
    else document.documentElement.dataset['theme'] = theme.value;
  });
}

function remembered<Value>(name: string, initial: Value): Signal<Value> {
  const value = signal(read(name, initial));
  effect(() => {
    try {
      localStorage.setItem(name, JSON.stringify(value.value));
    } catch {
      // A browser that keeps nothing: then it lasts as long as the page.
    }
  });
  return value;
}

function read<Value>(name: string, initial: Value): Value {
  try {
    return JSON.parse(localStorage.getItem(name) ?? 'null') ?? initial;
  } catch {
    return initial;
  }
}
