import fc from 'fast-check';
import { ulid } from 'ulid';
import { describe, expect, it } from 'vitest';
import { changedBy, type Entry, type Part } from './entry.js';
import { failureOf, said, shown, transcriptOf } from './testing/said.js';

const message = (one: ReturnType<typeof said> | ReturnType<typeof shown>): Part => ({
  of: 'message',
  message: one,
});
const result = (one: ReturnType<typeof failureOf>): Part => ({ of: 'result', result: one });
const dead = ({
  id,
  thread,
  author,
  createdAt,
  kind,
}: ReturnType<typeof said> | ReturnType<typeof shown>): Part => ({
  of: 'dead',
  dead: { id, thread, author, createdAt, kind, code: 'Unexpected', reason: 'again and again' },
});

/** The entries after these parts, each read by itself. */
function read(parts: readonly Part[]): Entry[] {
  const entries = new Map<string, Entry>();
  for (const part of parts)
    for (const entry of changedBy([part], entries.values())) entries.set(entry.id, entry);
  return [...entries.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
}

describe('entries', () => {
  const ids = [ulid(), ulid(), ulid()];
  const anyId = fc.constantFrom(...ids);
  const who = fc.record({ author: fc.constantFrom('ada', 'bob'), thread: fc.constantFrom('a', 'b') });
  const audio = fc
    .tuple(anyId, who, fc.option(anyId, { nil: undefined }))
    .map(([id, by, replaces]) => message(said({ id, ...by, ...(replaces && { replaces }) })));
  const images = fc.tuple(anyId, who).map(([id, by]) => message(shown({ id, ...by })));
  const results = fc
    .tuple(anyId, who, fc.boolean())
    .map(([id, by, ok]) =>
      result(ok ? transcriptOf(said({ id, ...by }), 'hello') : failureOf(said({ id, ...by }))),
    );
  const deadAudio = fc.tuple(anyId, who).map(([id, by]) => dead(said({ id, ...by })));
  const deadImages = fc.tuple(anyId, who).map(([id, by]) => dead(shown({ id, ...by })));
  const topics = fc.tuple(
    ...[audio, images, results, deadAudio, deadImages].map(topic => fc.array(topic, { maxLength: 4 })),
  );

  /** One order of all messages that keeps the order within each topic. */
  function interleave(log: readonly (readonly Part[])[], choices: readonly number[]): Part[] {
    const left = log.map(topic => [...topic]);
    const order: Part[] = [];
    for (let i = 0; left.some(topic => topic.length > 0); i++) {
      const open = left.filter(topic => topic.length > 0);
      const part = open[(choices[i] ?? 0) % open.length]?.shift();
      if (part) order.push(part);
    }
    return order;
  }

  it('are the same however the topics interleave', () => {
    const choices = fc.array(fc.nat(4), { minLength: 20, maxLength: 20 });
    fc.assert(
      fc.property(topics, choices, choices, (log, one, other) => {
        expect(read(interleave(log, one))).toEqual(read(interleave(log, other)));
      }),
      { numRuns: 500 },
    );
  });

  it('are the same when every message comes twice, and when they come in batches', () => {
    fc.assert(
      fc.property(topics, fc.array(fc.nat(4)), (log, choices) => {
        const order = interleave(log, choices);
        const twice = interleave(
          log.map(topic => topic.flatMap(part => [part, part])),
          choices,
        );
        const byId = (entries: Entry[]) => [...entries].sort((a, b) => (a.id < b.id ? -1 : 1));
        expect(read(twice)).toEqual(read(order));
        expect(byId(changedBy(order, []))).toEqual(read(order));
      }),
    );
  });

  it('change by nothing that they have already', () => {
    const one = said();
    const entries = read([message(one), result(transcriptOf(one, 'hello'))]);
    expect(changedBy([message({ ...one, author: 'eve' }), result(failureOf(one))], entries)).toEqual([]);
  });
});

describe('another attempt', () => {
  const failed = said();
  const again = said({ replaces: failed.id });
  const replaced = (by: ReturnType<typeof said> | ReturnType<typeof shown>) =>
    read([message(failed), result(failureOf(failed)), message(by)]).find(({ id }) => id === failed.id)
      ?.replacedBy;

  it('takes the place of what failed', () => {
    expect(replaced(again)).toBe(again.id);
  });

  it.each([
    ['somebody else', { author: 'eve' }],
    ['another thread', { thread: 'elsewhere' }],
  ])('never takes the place of a message of %s', (_, change) => {
    expect(replaced({ ...again, ...change })).toBeUndefined();
  });
});
