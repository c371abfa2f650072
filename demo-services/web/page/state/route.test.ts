import { expect, test } from 'vitest';
import { hashOf, routeOf } from './route.js';

test.each([{}, { thread: 'friends' }, { thread: 'a:b/c', message: '01HZZZZZZZZZZZZZZZZZZZZZZ1' }])(
  'an address says what is open: %o',
  route => expect(routeOf(hashOf(route))).toEqual(route),
);

test('an address that is none opens nothing, and breaks nothing', () => {
  expect(['', '#', '#/elsewhere', '#/t/', '#/t/a/b/c'].map(routeOf)).toEqual([{}, {}, {}, {}, {}]);
  expect(routeOf('#/t/%E0%A4')).toEqual({ thread: '%E0%A4' });
});
