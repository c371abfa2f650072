import { expect, test } from 'vitest';
import type { Entry } from '../../api/entries.js';
import { emptyTimeline, shown, type Timeline, withEntry, withPage } from './timeline.js';

const entry = (id: string, more: Partial<Entry> = {}): Entry => ({
  id,
  thread: 't',
  author: 'ann',
  createdAt: '2026-01-01T00:00:00.000Z',
  ...more,
});
const page = (ids: string, hasBefore = false, hasAfter = false) => ({
  entries: [...ids].map(id => entry(id)),
  hasBefore,
  hasAfter,
  position: '',
});
const ids = ({ entries }: Timeline) => entries.map(({ id }) => id).join('');
const failure = { code: 'X', reason: 'no speech' };

test('pages on both sides join without doubles', () => {
  const middle = withPage(emptyTimeline, page('EF', true, true), 'anew');
  const all = withPage(withPage(middle, page('CDE', true), 'before'), page('FG', true), 'after');
  expect(ids(all)).toBe('CDEFG');
  expect(all).toMatchObject({ hasBefore: true, hasAfter: false });
});

test('a live event tells more of a message, and the same event again changes nothing', () => {
  const held = withPage(emptyTimeline, page('AB'), 'anew');
  const once = withEntry(held, entry('B', { failure }));
  expect(once.entries[1]).toMatchObject({ id: 'B', failure });
  expect(withEntry(once, entry('B', { failure }))).toEqual(once);
});

test('what is in the log waits in no outbox again, whatever an answer that came late says', () => {
  const held = withPage(emptyTimeline, page('AB'), 'anew');
  expect(withEntry(held, entry('B', { pending: true }))).toEqual(held);
  const waits = withEntry(held, entry('C', { pending: true }));
  expect(withEntry(waits, entry('C', { pending: true }))).toEqual(waits);
  expect(withEntry(waits, entry('C'))).toEqual(withPage(emptyTimeline, page('ABC'), 'anew'));
});

test('a message beyond a gap shows only when the pages between have come', () => {
  const held = withEntry(withPage(emptyTimeline, page('AB', false, true), 'anew'), entry('D'));
  expect(ids(held)).toBe('AB');
  expect(ids(withPage(held, page('C'), 'after'))).toBe('ABCD');
});

test('a newest page that was read before a live event does not take the message away', () => {
  const held = withEntry(withPage(emptyTimeline, page('AB'), 'anew'), entry('C'));
  expect(ids(withPage(held, page('AB'), 'anew'))).toBe('ABC');
});

test('another attempt takes the place of the failed message', () => {
  const held = withPage(emptyTimeline, page('AB'), 'anew');
  const again = withEntry(held, entry('C', { replaces: 'A' }));
  expect(shown(again).map(({ id }) => id)).toEqual(['B', 'C']);
  const stranger = withEntry(held, entry('C', { replaces: 'A', author: 'mallory' }));
  expect(shown(stranger).map(({ id }) => id)).toEqual(['A', 'B', 'C']);
  const both = withEntry(again, entry('D', { replaces: 'A', author: 'mallory' }));
  expect(shown(both).map(({ id }) => id)).toEqual(['B', 'C', 'D']);
});
