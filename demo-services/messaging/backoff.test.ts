import { expect, it } from 'vitest';
import { backoffMs } from './backoff.js';

const range = { minMs: 100, maxMs: 1_000 };

it('doubles the delay up to its limit', () => {
  expect([0, 1, 2, 3, 4, 5000].map(attempt => backoffMs(range, attempt, () => 0))).toEqual([
    100, 200, 400, 800, 1_000, 1_000,
  ]);
});

it('shortens the delay by up to half, so that many clients do not come back at once', () => {
  expect(backoffMs(range, 3, () => 0.999)).toBe(400);
});
