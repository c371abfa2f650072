import { describe, expect, it } from 'vitest';
import { keyNamed } from './info.js';

describe('the key that is named', () => {
  const keys = ['3Fk9aQ', '3Fm20x', 'b7Xk20'].map(id => ({ id }));

  it.each([
    ['b7Xk20', 'b7Xk20'],
    ['b', 'b7Xk20'],
    ['3Fm', '3Fm20x'],
  ])('%j is the one that no other begins like', (id, found) => {
    expect(keyNamed(id, keys)).toBe(keys.find(key => key.id === found));
  });

  it.each(['c', '', '3Fk9aQx'])('%j is none, and all are told', id => {
    expect(() => keyNamed(id, keys)).toThrow(
      expect.objectContaining({
        ...{ code: 'KeyUnknown', message: `no key is called ${JSON.stringify(id)}`, refused: true },
        want: '3Fk9aQ, 3Fm20x, b7Xk20',
      }),
    );
  });

  it('the beginning of several is none of them, and they are told', () => {
    expect(() => keyNamed('3F', keys)).toThrow(
      expect.objectContaining({
        ...{ code: 'KeyUnknown', message: '2 keys have ids that begin with "3F"', refused: true },
        ...{ want: '3Fk9aQ, 3Fm20x', fix: expect.stringContaining('more of the id') },
      }),
    );
  });
});
