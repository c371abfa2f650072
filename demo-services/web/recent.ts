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
  readonly positions: Positions;
  add(topic: Topic, id: string, thread: string | undefined, body: string): News | undefined;
  /** What came after the positions, or undefined if not all of that is remembered. */
  since(positions: Positions): readonly News[] | undefined;
}

/** @param start everything after it will be added */
export function recentOf(start: Positions, max: number): Recent {
  let positions = start;
  let floor = start;
  let news: News[] = [];
  return {
    get positions() {
      return positions;
    },
    add: (topic, id, thread, body) => {
      if (!comesAfter(topic, id, positions)) return undefined;
      positions = { ...positions, [topic]: id };
      if (thread === undefined) return undefined;
      const event = `id: ${encodePositions(positions)}\nevent: entry\ndata: ${body}\n\n`;
      const one = { topic, id, thread, event };
      news.push(one);
      if (news.length >= max * 2) {
        for (const { topic: of, id: last } of news.slice(0, -max)) floor = { ...floor, [of]: last };
        news = news.slice(-max);
      }
      return one;
    },
    since: known => {
      const complete = TOPICS.every(topic => {
        const from = floor[topic];
        return from === undefined || !comesAfter(topic, from, known);
      });
      return complete ? news.filter(({ topic, id }) => comesAfter(topic, id, known)) : undefined;
    },
  };
}
