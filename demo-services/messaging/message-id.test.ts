import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytesOf, idOf, isAfter, parseId } from './message-id.js';

describe('a message id', () => {
  it('reads what Pulsar writes', () => {
    expect(idOf(Buffer.from('08091005', 'hex'))).toBe('9:5:-1');
    expect(idOf(Buffer.from('CAUQAiAAMAA=', 'base64'))).toBe('5:2:-1:0');
  });

  it('reads the id of a message that the broker dropped as a duplicate', () => {
    const minusOne = `${'ff'.repeat(9)}01`;
    expect(idOf(Buffer.from(`08${minusOne}10${minusOne}`, 'hex'))).toBe('-1:-1:-1');
  });

  it('comes back from its bytes, whatever its parts are', () => {
    const part = fc.integer({ min: -1, max: Number.MAX_SAFE_INTEGER });
    const small = fc.integer({ min: -1, max: 2 ** 31 - 1 });
    fc.assert(
      fc.property(part, part, fc.integer({ min: -1, max: 999 }), small, (ledger, entry, partition, index) => {
        const parts = { ledger, entry, partition, index };
        expect(parseId(idOf(bytesOf(parts)))).toEqual(parts);
      }),
    );
  });

  it('orders by ledger, entry, and place in the batch', () => {
    expect(isAfter('10:0:-1', '9:99:-1')).toBe(true);
    expect(isAfter('9:100:-1', '9:99:-1')).toBe(true);
    expect(isAfter('9:5:-1:1', '9:5:-1:0')).toBe(true);
    expect(isAfter('9:5:-1', '9:5:-1')).toBe(false);
  });

  it('refuses what is none', () => {
    expect(() => parseId('latest')).toThrow(RangeError);
    expect(() => idOf(Buffer.from('08', 'hex'))).toThrow(RangeError);
    expect(() => idOf(Buffer.from('0d00000000', 'hex'))).toThrow(RangeError);
  });
});
