import type { Consumer, Reader } from 'pulsar-client';
import { bytesOf, parseId } from '../message-id.js';
import type { Position } from '../port.js';
import type { Addon } from './addon.js';

/** Moves a consumer or a reader. */
export async function seekTo(
  addon: Addon,
  target: Pick<Consumer | Reader, 'seek' | 'seekTimestamp'>,
  position: Position,
): Promise<void> {
  if (typeof position === 'object' && 'time' in position) await target.seekTimestamp(position.time.getTime());
  else await target.seek(nativeId(addon, position));
}

export function nativeId(addon: Addon, position: Exclude<Position, { readonly time: Date }>) {
  if (position === 'earliest') return addon.MessageId.earliest();
  if (position === 'latest') return addon.MessageId.latest();
  return addon.MessageId.deserialize(bytesOf(parseId(position.after)));
}
