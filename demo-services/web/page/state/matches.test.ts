import { expect, test } from 'vitest';
import { matches } from './matches.js';

const marked = (text: string, query: string) =>
  matches(text, query).flatMap(piece => (piece.marked ? [piece.text] : []));

test('whole words are marked, and the beginning of words by the last one', () => {
  expect(marked('The morning, this Morning!', 'the morn')).toEqual(['The', 'morn', 'Morn']);
  expect(marked('the morning', 'th morning')).toEqual(['morning']);
});

test('the pieces are the text', () => {
  const text = 'Grüße — aus <b>Köln</b>…';
  expect(
    matches(text, 'köln')
      .map(piece => piece.text)
      .join(''),
  ).toBe(text);
  expect(marked(text, 'KÖL')).toEqual(['Köl']);
});
