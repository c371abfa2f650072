import fc from 'fast-check';
import { expect, it } from 'vitest';
import { wordErrorRate, wordErrors } from './words.js';

const word = fc.constantFrom('good', 'morning', 'the', 'train', 'leaves');
const words = fc.array(word, { maxLength: 12 });

it('counts what was replaced, left out and put in', () => {
  expect(wordErrors('the train leaves now', 'the rain leaves now')).toEqual({ errors: 1, words: 4 });
  expect(wordErrors('the train leaves now', 'train leaves now')).toEqual({ errors: 1, words: 4 });
  expect(wordErrors('the train leaves', 'so the train leaves')).toEqual({ errors: 1, words: 3 });
  expect(wordErrors('good morning', '')).toEqual({ errors: 2, words: 2 });
});

it('does not hear capitals and punctuation', () => {
  expect(wordErrors('good morning everyone', 'Good morning, everyone!').errors).toBe(0);
});

it('is a distance: none to itself, the same both ways, never more than the longer one has words', () => {
  fc.assert(
    fc.property(words, words, (a, b) => {
      const [said, heard] = [a.join(' '), b.join(' ')];
      expect(wordErrors(said, said).errors).toBe(0);
      expect(wordErrors(said, heard).errors).toBe(wordErrors(heard, said).errors);
      expect(wordErrors(said, heard).errors).toBeLessThanOrEqual(Math.max(a.length, b.length));
    }),
  );
});

it('weighs sentences by their length', () => {
  expect(
    wordErrorRate([
      { errors: 1, words: 1 },
      { errors: 0, words: 9 },
    ]),
  ).toBe(0.1);
  expect(wordErrorRate([])).toBe(0);
});
