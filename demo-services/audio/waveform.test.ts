import { expect, it } from 'vitest';
import { waveformOf } from './waveform.js';

const tone = (samples: number, level: number) =>
  Int16Array.from({ length: samples }, (_, i) => Math.sin(i) * level);

it('shows where it is loud and where it is silent, whatever the volume', () => {
  for (const level of [300, 30_000]) {
    const waveform = waveformOf(Int16Array.from([...tone(16_000, 0), ...tone(16_000, level)]));
    expect(waveform).toHaveLength(64);
    expect(Math.max(...waveform.slice(0, 32))).toBe(0);
    expect(Math.min(...waveform.slice(32))).toBeGreaterThan(240);
  }
});

it('is as short as the audio, and flat for silence', () => {
  expect(waveformOf(new Int16Array(0))).toEqual([]);
  expect(waveformOf(new Int16Array(3))).toEqual([0, 0, 0]);
});
