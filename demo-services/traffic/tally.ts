import type { Result } from '../contract/index.js';
import type { TrafficEvent } from './events.js';

/** How far a run is. */
export interface Progress {
  readonly planned: number;
  readonly sent: number;
  /** Messages with a result. */
  readonly done: number;
  readonly failed: number;
  /** Sent, and nothing came of it yet. */
  readonly open: number;
  /** Since the run began. */
  readonly seconds: number;
}

export interface Tally {
  /** A message of this id is about to be sent: what is told of others is of no interest. */
  expect(id: string): void;
  add(event: TrafficEvent): void;
  events(): readonly TrafficEvent[];
  progress(): Progress;
  /** Part of the planned messages that were sent and have a result or a dead letter, 0 to 1. */
  settledPart(): number;
  /** When something was last sent or settled, milliseconds since 1970. */
  lastNews(): number;
  /** The first result of every message that has one. */
  results(): readonly Result[];
}

/** Collects the events of a run, and counts while it runs. What they mean in the end is for the ledger to say. */
export function makeTally(planned: number): Tally {
  const began = Date.now();
  const expected = new Set<string>();
  const events: TrafficEvent[] = [];
  const sent = new Set<string>();
  const results = new Map<string, Result>();
  const settled = new Set<string>();
  const buried = new Set<string>();
  let lastNews = began;

  return {
    expect: id => {
      expected.add(id);
    },
    add: event => {
      if (event.event !== 'fault' && !expected.has(event.id)) return;
      events.push(event);
      lastNews = Date.now();
      if (event.event === 'sent') sent.add(event.id);
      if (event.event === 'buried') buried.add(event.id);
      if (event.event === 'announced' && !results.has(event.id)) results.set(event.id, event.result);
      if (event.event === 'announced' || event.event === 'buried') settled.add(event.id);
    },
    events: () => events,
    progress: () => {
      const failures = [...results.values()].filter(({ kind }) => kind === 'failed').map(({ id }) => id);
      const failed = new Set([...buried, ...failures]).size;
      return {
        planned,
        sent: sent.size,
        done: settled.size - failed,
        failed,
        open: Math.max(0, sent.size - settled.size),
        seconds: (Date.now() - began) / 1000,
      };
    },
    // A corrupted message is settled when it is buried: that it failed is announced before.
    settledPart: () => settledCount() / planned,
    lastNews: () => lastNews,
    results: () => [...results.values()],
  };

  function settledCount(): number {
    let count = 0;
    for (const id of sent) {
      const result = results.get(id);
      if (buried.has(id) || (result !== undefined && result.kind !== 'failed')) count++;
    }
    return count;
  }
}
