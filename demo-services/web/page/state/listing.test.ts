import { expect, test } from 'vitest';
import type { Entry } from '../../api/entries.js';
import { gistOf, withNews, withOlder } from './listing.js';

const createdAt = (minute: number) => `2026-01-01T00:0${minute}:00.000Z`;
const entry = (id: string, thread: string, minute: number, more: Partial<Entry> = {}): Entry => ({
  ...{ id, thread, author: 'ann', createdAt: createdAt(minute) },
  ...more,
});
const threads = [
  { id: 'a', title: 'A', createdAt: createdAt(0), newest: entry('2', 'a', 2), mark: '2' },
  { id: 'b', title: 'B', createdAt: createdAt(1), mark: '1' },
];
const transcript = { text: 'hello', language: 'en', duration: 1, segments: [] };

test('the thread of a newer message goes to the top', () => {
  expect(withNews(threads, entry('3', 'b', 3)).map(({ id }) => id)).toEqual(['b', 'a']);
});

test('more of the newest message is told, and an older one changes nothing', () => {
  expect(withNews(threads, entry('2', 'a', 2, { transcript }))[0]?.newest).toMatchObject({
    id: '2',
    transcript,
  });
  expect(withNews(threads, entry('1', 'a', 1, { transcript }))).toBe(threads);
  expect(withNews(threads, entry('9', 'elsewhere', 9))).toBe(threads);
});

test('a page more stands below, and holds nothing twice', () => {
  const older = [
    { id: 'b', title: 'B', createdAt: createdAt(1), mark: '1' },
    { id: 'c', title: 'C', createdAt: createdAt(0), mark: '0' },
  ];
  expect(withOlder(threads, older).map(({ id }) => id)).toEqual(['a', 'b', 'c']);
});

test('a list says what was said, or what it is', () => {
  const failure = { code: 'X', reason: 'y' };
  expect([
    gistOf(entry('1', 'a', 1, { transcript, failure })),
    gistOf(entry('1', 'a', 1, { kind: 'image' })),
    gistOf(entry('1', 'a', 1, { kind: 'image', failure })),
    gistOf(entry('1', 'a', 1, { kind: 'audio' })),
  ]).toEqual(['hello', 'Picture', 'Picture (failed)', 'Voice message']);
});
