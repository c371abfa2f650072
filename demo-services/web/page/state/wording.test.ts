import { expect, test } from 'vitest';
import { dayOf, lasting, listed } from './wording.js';

const now = new Date(2026, 4, 2, 0, 30);
const local = (day: number, hour: number) => new Date(2026, 4, day, hour).toISOString();

test('days are those of the calendar, not of 24 hours', () => {
  expect(dayOf(local(2, 0), now)).toBe('Today');
  expect(dayOf(local(1, 23), now)).toBe('Yesterday');
  expect(dayOf(new Date(2026, 3, 30, 12).toISOString(), now)).toMatch(/30/);
  expect(dayOf(new Date(2024, 3, 30).toISOString(), now)).toMatch(/2024/);
});

test('lengths are minutes and seconds, names a list', () => {
  expect([0, 9.4, 59.6, 3_605].map(lasting)).toEqual(['0:00', '0:09', '1:00', '60:05']);
  expect([[], ['ada'], ['ada', 'bob'], ['ada', 'bob', 'cleo']].map(listed)).toEqual([
    '',
    'ada',
    'ada and bob',
    'ada, bob and cleo',
  ]);
});
