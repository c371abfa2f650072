import { expect, test } from 'vitest';
import { barsOf, levelOf, pathOf } from './peaks.js';

test('bars keep the shape, and the loudest one reaches the top', () => {
  expect(barsOf([0, 10, 100, 50], 2)).toEqual([0.1, 1]);
  expect(barsOf([200, 100], 4)).toEqual([1, 1, 0.5, 0.5]);
  expect(barsOf([], 3)).toEqual([0, 0, 0]);
});

test('silence does not look like speech', () => {
  expect(Math.max(...barsOf([1, 0, 1], 3))).toBeLessThan(0.1);
});

test('a level is nothing for silence, everything for the loudest, and grows in between', () => {
  const tone = (loud: number) => Float32Array.from({ length: 64 }, (_, i) => (i % 2 ? loud : -loud));
  const levels = [0, 0.01, 0.1, 1].map(loud => levelOf(tone(loud)));
  expect(levels).toEqual([...levels].sort((a, b) => a - b));
  expect([levels[0], levels[3]]).toEqual([0, 255]);
});

test('a path has a stroke for each bar, within its box', () => {
  const path = pathOf([0, 1]);
  expect(path.match(/M/g)).toHaveLength(2);
  expect((path.match(/[\d.]+/g) ?? []).map(Number).every(value => value >= 0 && value <= 32)).toBe(true);
});
