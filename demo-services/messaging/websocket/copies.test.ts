import { afterEach, describe, expect, it, vi } from 'vitest';
import { expectCopies } from './copies.js';

afterEach(() => {
  vi.useRealTimers();
});

describe('copies of messages whose connection broke', () => {
  it('are known when the message was acknowledged since, once', () => {
    const copies = expectCopies();
    copies.lost(['a', 'b']);
    copies.acknowledged('a');
    expect([copies.isDone('a'), copies.isDone('a'), copies.isDone('b'), copies.isDone('c')]).toEqual([
      true,
      false,
      false,
      false,
    ]);
  });

  it('are messages like others when they come while the first one is in hand', () => {
    const copies = expectCopies();
    copies.lost(['a']);
    expect(copies.isDone('a')).toBe(false);
    copies.acknowledged('a');
    expect(copies.isDone('a')).toBe(false);
  });

  it('are not expected for ever: a subscription that is moved later brings them all again', () => {
    vi.useFakeTimers();
    const copies = expectCopies();
    copies.lost(['a']);
    copies.acknowledged('a');
    vi.advanceTimersByTime(31_000);
    expect(copies.isDone('a')).toBe(false);
  });

  it('are not expected of what was acknowledged before', () => {
    const copies = expectCopies();
    copies.acknowledged('a');
    copies.lost(['b']);
    expect(copies.isDone('a')).toBe(false);
  });

  it('are not expected any more when connections break again, or the subscription is moved', () => {
    for (const end of ['lost', 'clear'] as const) {
      const copies = expectCopies();
      copies.lost(['a', 'b']);
      copies.acknowledged('a');
      if (end === 'lost') copies.lost([]);
      else copies.clear();
      expect(copies.isDone('a')).toBe(false);
    }
  });
});
