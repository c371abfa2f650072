import { expect, it } from 'vitest';
import { whole, wholeUpTo } from './whole.js';

it.each(['1', '120', '007', '9999999'])('takes %s', text => {
  expect(whole(text)).toBe(Number(text));
});

it.each(['0', '-1', '1.5', '1e3', '0x10', ' 5', '', 'many', '10000000'])('refuses "%s"', text => {
  expect(() => whole(text)).toThrow('wanted a whole number above 0');
});

it('says its limit', () => {
  expect(wholeUpTo(3650)('3650')).toBe(3650);
  expect(() => wholeUpTo(3650)('3651')).toThrow('wanted a whole number from 1 to 3650');
});
