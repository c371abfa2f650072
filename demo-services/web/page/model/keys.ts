import { open } from './dialogs.js';
import { complain } from './notices.js';
import { sendOff } from './outbox.js';
import { here } from './place.js';
import { cancelRecording, canRecord, recording, startRecording, stopRecording } from './recorder.js';
import { shortcuts } from './settings.js';

/** What single keys do, for the help too. */
export const KEYS = [
  { keys: ['R'], does: 'record; then send' },
  { keys: ['Esc'], does: 'discard the recording' },
  { keys: ['J', 'K'], does: 'next, previous message' },
  { keys: ['Space'], does: 'play or pause the message' },
  { keys: ['/'], does: 'search' },
  { keys: ['N'], does: 'new thread' },
  { keys: ['?'], does: 'this help' },
] as const;

/** @returns how to stop listening */
export function listenToKeys(): () => void {
  const listener = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (open.value !== undefined || isTyping(event.target)) return;
    if (event.key === 'Escape' && recording.value) return void cancelRecording();
    if (!shortcuts.value) return;
    const action = actionOf(event.key);
    if (action === undefined) return;
    event.preventDefault();
    void Promise.resolve(action()).catch(complain);
  };
  addEventListener('keydown', listener);
  return () => removeEventListener('keydown', listener);
}

function actionOf(key: string): (() => unknown) | undefined {
  switch (key) {
    case 'r':
    case 'R':
      return recordOrSend;
    case 'j':
    case 'k':
      return () => moveFocus(key === 'j' ? 1 : -1);
    case '/':
      return () => document.querySelector<HTMLInputElement>('#search')?.focus();
    case 'n':
      return () => {
        open.value = 'new-thread';
      };
    case '?':
      return () => {
        open.value = 'shortcuts';
      };
    case ' ':
      return playOf(document.activeElement);
    default:
      return undefined;
  }
}

export async function recordOrSend(): Promise<void> {
  if (recording.value) {
    const item = await stopRecording();
    if (item) await sendOff(item);
  } else if (here.value && canRecord()) await startRecording(here.value);
}

function moveFocus(by: 1 | -1): void {
  const all = [...document.querySelectorAll<HTMLElement>('[data-message]')];
  const at = all.findIndex(one => one.contains(document.activeElement));
  const next = at === -1 ? all.at(-1) : all[at + by];
  next?.focus();
  next?.scrollIntoView({ block: 'nearest' });
}

/** Of a message that has the focus itself; a button in it does what it does. */
function playOf(focused: Element | null): (() => unknown) | undefined {
  if (!focused?.matches('[data-message]')) return undefined;
  return () => focused.querySelector<HTMLElement>('.play')?.click();
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.matches('input, textarea, select, [contenteditable]');
}
