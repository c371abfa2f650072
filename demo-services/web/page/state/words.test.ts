import { expect, test } from 'vitest';
import { stepFrom, wordAt, wordsOf } from './words.js';

const transcript = {
  text: 'good morning then hello',
  language: 'en',
  duration: 6,
  segments: [
    { start: 1, end: 2.3, text: 'good morning' },
    { start: 4, end: 6, text: 'then hello' },
  ],
};
const words = wordsOf(transcript);

test('words share the time of their segment by their letters', () => {
  expect(words.map(({ text, start }) => [text, Number(start.toFixed(2))])).toEqual([
    ['good', 1],
    ['morning', 1.5],
    ['then', 4],
    ['hello', 4.91],
  ]);
});

test('a transcript without segments has words too', () => {
  expect(wordsOf({ ...transcript, segments: [] }).map(({ text }) => text)).toEqual(
    transcript.text.split(' '),
  );
  expect(wordsOf({ ...transcript, segments: [], text: '' })).toEqual([]);
});

test('the word of a time is the one that has begun; in a pause it stays the last one', () => {
  expect([0.5, 1, 1.6, 3, 4, 9].map(seconds => wordAt(words, seconds))).toEqual([-1, 0, 1, 1, 2, 3]);
});

test('a step leads from word to word and stays within them', () => {
  const steps = (from: number, direction: 1 | -1) =>
    words.findIndex(({ start }) => start === stepFrom(words, from, direction));
  expect([steps(0, 1), steps(1, 1), steps(4, 1), steps(5, 1)]).toEqual([0, 1, 3, 3]);
  expect([steps(4, -1), steps(3, -1), steps(0, -1)]).toEqual([1, 1, 0]);
  expect(stepFrom([], 5, -1)).toBe(4);
});
