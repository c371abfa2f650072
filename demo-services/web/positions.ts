import { isAfter } from '../messaging/index.js';
import { TOPICS, type Topic } from '../thread/parts.js';
import type { Positions } from '../thread/view.js';

/** How far each topic was read, as one opaque word that fits into the `id:` of an event. */
export function encodePositions(positions: Positions): string {
  return TOPICS.map(topic => positions[topic] ?? '').join(',');
}

/** Undefined for what was never given out. */
export function decodePositions(text: string): Positions | undefined {
  const parts = text.split(',');
  if (parts.length !== TOPICS.length) return undefined;
  if (!parts.every(part => part === '' || /^\d{1,16}:\d{1,16}:-?\d{1,10}(:\d{1,10})?$/.test(part))) {
    return undefined;
  }
  return Object.fromEntries(TOPICS.flatMap((topic, i) => (parts[i] ? [[topic, parts[i]] as const] : [])));
}

/** Whether what stands at `id` comes after the positions. */
export function comesAfter(topic: Topic, id: string, positions: Positions): boolean {
  const position = positions[topic];
  return position === undefined || isAfter(id, position);
}
