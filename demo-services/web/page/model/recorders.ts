import { signal } from '@preact/signals';
import { RECORDING_LASTS_MS } from '../../api/limits.js';
import type { LiveEvents } from '../../api/live.js';

/** Who records in which thread, until they say otherwise or say nothing for a while. */
export const recorders = signal<Readonly<Record<string, readonly string[]>>>({});

const ends = new Map<string, ReturnType<typeof setTimeout>>();

export function heardRecording({ thread, user, recording }: LiveEvents['recording']): void {
  const name = `${thread} ${user}`;
  clearTimeout(ends.get(name));
  const others = (recorders.value[thread] ?? []).filter(one => one !== user);
  recorders.value = { ...recorders.value, [thread]: recording ? [...others, user] : others };
  if (!recording) return;
  const over = () => heardRecording({ thread, user, recording: false });
  ends.set(name, setTimeout(over, RECORDING_LASTS_MS));
}
