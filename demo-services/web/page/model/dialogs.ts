import { signal } from '@preact/signals';

/** Which dialog is open. */
export const open = signal<'new-thread' | 'members' | 'shortcuts' | undefined>(undefined);

export function close(): void {
  open.value = undefined;
}
