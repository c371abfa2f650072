import { describe, expect, it } from 'vitest';
import { isPending } from './pending.js';

const cursor = { markDeletePosition: '7:2', individuallyDeletedMessages: '[(7:4..7:6],(9:-1..9:0]]' };

describe('a dead letter', () => {
  it.each(['7:0:-1', '7:2:-1', '3:99:-1'])('%s up to the mark is settled', id => {
    expect(isPending(id, cursor)).toBe(false);
  });

  it.each(['7:5:-1', '7:6:-1', '9:0:-1'])('%s in a range beyond it is settled', id => {
    expect(isPending(id, cursor)).toBe(false);
  });

  it.each(['7:3:-1', '7:4:-1', '7:7:-1', '9:1:-1', '10:0:-1'])('%s between the ranges waits', id => {
    expect(isPending(id, cursor)).toBe(true);
  });

  it('orders numbers, not texts', () => {
    expect(isPending('10:0:-1', { markDeletePosition: '9:100', individuallyDeletedMessages: '[]' })).toBe(
      true,
    );
  });
});
