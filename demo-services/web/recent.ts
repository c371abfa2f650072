import { TOPICS, type Topic } from '../thread/parts.js';
import type { Positions } from '../thread/view.js';
import { comesAfter, encodePositions } from './positions.js';

/** Something of the log that pages are told. */
export interface News {
  readonly topic: Topic;
  /** Of the message in its topic. */
  readonly id: string;
  readonly thread: string;
  /** The event as it goes to the pages, its id included. */
  readonly event: string;
}

/** The newest part of the log, for pages whose connection was lost. */
export interface Recent {
  /** Undefined until it begins. */
  readonly positions: Positions | undefined;
  /** Everything after the positions will be added. */
  begin(positions: Positions): void;
  add(topic: Topic, id: string, thread: string | undefined, body: string): News | undefined;
  /** What came after the positions, or undefined if not all of that is remembered. */
  since(positions: Positions): readonly News[] | undefined;
}

export interface MaxRecent {
  readonly events: number;
  /** Of all events together, UTF-16 units: each takes one byte or two. */
  readonly chars: number;
}

/** Remembers up to twice as many events as are kept when it forgets, so that it does so seldom. */
export function recentOf(max: MaxRecent): Recent {
  let positions: Positions | undefined;
  let floor: Positions = {};
  let news: News[] = [];
  let chars = 0;
  const forget = () => {
    let from = Math.max(0, news.length - max.events);
    for (const { event } of news.slice(0, from)) chars -= event.length;
    for (; chars > max.chars / 2; from++) chars -= news[from]?.event.length ?? chars;
    for (const { topic, id } of news.slice(0, from)) floor = { ...floor, [topic]: id };
    news = news.slice(from);
  };
  return {
    get positions() {
      return positions;
    },
    begin: from => {
      positions = from;
      floor = from;
    },
    add: (topic, id, thread, body) => {
      if (positions === undefined || !comesAfter(topic, id, positions)) return undefined;
      positions = { ...positions, [topic]: id };
      if (thread === undefined) return undefined;
      const event = `id: ${encodePositions(positions)}\nevent: entry\ndata: ${body}\n\n`;
      const one = { topic, id, thread, event };
      news.push(one);
      chars += event.length;
      if (news.length >= max.events * 2 || chars > max.chars) forget();
      return one;
    },
    since: known => {
      if (positions === undefined) return undefined;
      const complete = TOPICS.every(topic => {
        const from = floor[topic];
        return from === undefined || !comesAfter(topic, from, known);
      });
      return complete ? news.filter(({ topic, id }) => comesAfter(topic, id, known)) : undefined;
    },
  };
}
