/** Slices of a waveform: as many bars as a phone shows side by side. */
const SLICES = 64;
const LOUDEST = 255;

/** How loud the audio is, in slices of equal length; the loudest has 255. */
export function waveformOf(pcm: Int16Array): number[] {
  const slices = Math.min(SLICES, pcm.length);
  const levels = Array.from({ length: slices }, (_, i) =>
    loudness(pcm.subarray((i * pcm.length) / slices, ((i + 1) * pcm.length) / slices)),
  );
  const loudest = Math.max(1, ...levels);
  return levels.map(level => Math.round((level / loudest) * LOUDEST));
}

/** Root mean square. */
function loudness(samples: Int16Array): number {
  let sum = 0;
  for (const sample of samples) sum += sample * sample;
  return Math.sqrt(sum / Math.max(1, samples.length));
}
