import type { Consumer, MessageId, Reader } from 'pulsar-client';
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

export function nativeId(addon: Addon, position: Exclude<Position, { readonly time: Date }>): MessageId {
  if (position === 'earliest') return addon.MessageId.earliest();
  if (position === 'latest') return addon.MessageId.latest();
  return addon.MessageId.deserialize(bytesOf(parseId(position.after)));
}

/**
 * The id of the message that a subscription stands at when it was moved to the place after it: the broker moves it to
 * the message itself. None in a batch, of which only the whole can be acknowledged, nor of a place before the first.
 */
export function stoodAt(position: Position): string | undefined {
  if (typeof position !== 'object' || 'time' in position) return undefined;
  const { ledger, entry, index } = parseId(position.after);
  return ledger >= 0 && entry >= 0 && index < 0 ? position.after : undefined;
}
