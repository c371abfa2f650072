import { isAfter } from '../messaging/index.js';
import type { Announced, Buried, Checked, Sent, TrafficEvent } from './events.js';

/** All that is known of one message. */
export interface History {
  readonly sent: Sent;
  /** In the order of the topic, each once. */
  readonly announced: readonly Announced[];
  readonly buried: readonly Buried[];
  /** @default - nobody looked */
  readonly checked?: Checked;
}

/**
 * The events by message, in the order of sending. What belongs to messages that were not sent here is left out; what
 * was seen twice, by two readers, counts once.
 */
export function historiesOf(events: readonly TrafficEvent[]): History[] {
  const announced = new Map<string, Map<string, Announced>>();
  const buried = new Map<string, Map<string, Buried>>();
  const checked = new Map<string, Checked>();
  const sent = new Map<string, Sent>();
  for (const event of events) {
    if (event.event === 'sent') sent.set(event.id, event);
    if (event.event === 'announced') keepFirst(announced, event);
    if (event.event === 'buried') keepFirst(buried, event);
    if (event.event === 'checked') checked.set(event.id, event);
  }
  return [...sent.values()]
    .sort((a, b) => a.sentAt - b.sentAt)
    .map(message => {
      const look = checked.get(message.id);
      return {
        sent: message,
        announced: inTopicOrder(announced.get(message.id)),
        buried: inTopicOrder(buried.get(message.id)),
        ...(look && { checked: look }),
      };
    });
}

function keepFirst<Event extends { readonly id: string; readonly messageId: string }>(
  kept: Map<string, Map<string, Event>>,
  event: Event,
): void {
  const known = kept.get(event.id) ?? new Map<string, Event>();
  if (!known.has(event.messageId)) known.set(event.messageId, event);
  kept.set(event.id, known);
}

function inTopicOrder<Event extends { readonly messageId: string }>(
  events: ReadonlyMap<string, Event> = new Map(),
): Event[] {
  return [...events.values()].sort((a, b) => (isAfter(a.messageId, b.messageId) ? 1 : -1));
}

/** When its fate was known: at its first result, or at its first dead letter. */
export function settledAt({ announced, buried }: History): number | undefined {
  const times = [...announced, ...buried].map(({ at }) => at);
  return times.length === 0 ? undefined : Math.min(...times);
}
