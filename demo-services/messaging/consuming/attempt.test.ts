import { expect, it } from 'vitest';
import { beginAttempt } from './attempt.js';

it('tells a handler that listens, and one that looks later, why it must end', () => {
  const reasons: unknown[] = [];
  const attempt = beginAttempt(3);
  const { signal } = attempt;
  signal.addEventListener('abort', () => reasons.push(signal.reason));
  expect([attempt.number, signal.aborted, attempt.aborted]).toEqual([3, false, undefined]);
  attempt.abort('first');
  attempt.abort('second');
  expect(reasons).toEqual(['first']);
  expect(attempt.signal).toBe(signal);
  expect(attempt.aborted).toEqual({ reason: 'first' });

  const late = beginAttempt(1);
  late.abort('gone');
  expect([late.signal.aborted, late.signal.reason]).toEqual([true, 'gone']);
});
