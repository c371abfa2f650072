import { describe, expect, it } from 'vitest';
import type { OutgoingMessage } from '../port.js';
import { checkOutgoing, sizeOf } from './outgoing.js';

const check = (message: OutgoingMessage, limit = 100) =>
  checkOutgoing(message, sizeOf(message), limit, 'topic');
const data = Buffer.from('x');

describe('a message to be sent', () => {
  it('is measured with its key and properties, in bytes', () => {
    expect(sizeOf({ data, key: 'ü', properties: { a: '✓' } })).toBe(1 + 2 + 1 + 3);
  });

  it('is refused beyond the limit, with both sizes', () => {
    expect(() => check({ data: Buffer.alloc(100) })).not.toThrow();
    expect(() => check({ data: Buffer.alloc(101) })).toThrow(
      expect.objectContaining({ code: 'MessageTooLarge', saw: '101 bytes' }),
    );
  });

  it.each([
    ['data that libpulsar would send as nothing', { data: 'text' as unknown as Buffer }],
    ['a key that libpulsar would cut', { data, key: 'a\0b' }],
    ['a property that libpulsar would cut', { data, properties: { a: 'b\0c' } }],
    ['a property that is no text', { data, properties: { a: 1 as unknown as string } }],
    ['a property that pulsar-client cannot read', { data, properties: { length: '1' } }],
  ])('is refused with %s', (_what, message) => {
    expect(() => check(message)).toThrow(TypeError);
  });
});
