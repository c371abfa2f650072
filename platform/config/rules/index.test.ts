import { expect, it } from 'vitest';
import { found } from './testing/found.js';

it('nothing is found in the defaults', () => {
  expect(found('', '2026-11-21')).toEqual([]);
});
