/** As many bars as there is room for: each as high as the highest level that falls into it, 0 to 1. */
export function barsOf(levels: readonly number[], count: number, loudest = 255): readonly number[] {
  if (levels.length === 0) return Array.from({ length: count }, () => 0);
  // A quiet recording has a shape too.
  const most = Math.max(...levels, loudest * 0.1);
  return Array.from({ length: count }, (_, i) => {
    const from = Math.floor((i * levels.length) / count);
    const to = Math.max(from + 1, Math.floor(((i + 1) * levels.length) / count));
    return Math.max(...levels.slice(from, to)) / most;
  });
}

/** How loud some samples are, 0 to 255, as an ear would have it: 45 dB below the loudest is nothing. */
export function levelOf(samples: Float32Array): number {
  let sum = 0;
  for (const sample of samples) sum += sample * sample;
  const decibel = 10 * Math.log10(sum / Math.max(1, samples.length) + 1e-9);
  return Math.round(255 * Math.min(1, Math.max(0, (decibel + 50) / 45)));
}

/** One path for all bars, drawn from the middle. Each is 2 wide with 1 between, in a box that is 32 high. */
export function pathOf(bars: readonly number[]): string {
  return bars
    .map((bar, i) => {
      const half = 1 + bar * 13;
      return `M${i * 3 + 1} ${(16 - half).toFixed(1)}V${(16 + half).toFixed(1)}`;
    })
    .join('');
}
