/** Zero crossings of the sinc on each side: what would alias into speech is 40 dB down at 9 kHz, 90 dB at 12 kHz. */
const CROSSINGS = 16;

/**
 * A band-limited resampler for one channel that is fed chunk by chunk: each call gives the samples that are settled
 * by then, and an empty chunk at the end gives the rest. Polyphase windowed sinc.
 */
export function resampler(from: number, to: number): (chunk: Float32Array) => Float32Array {
  if (from === to) return chunk => chunk;
  const divisor = gcd(from, to);
  const [step, phases] = [from / divisor, to / divisor];
  const cutoff = Math.min(1, to / from);
  const reach = Math.ceil(CROSSINGS / cutoff);
  const kernels = Array.from({ length: phases }, (_, phase) => kernel(phase / phases, reach, cutoff));

  // `held` begins `reach` samples before the next output's centre; the first are the silence before the sound.
  let held = new Float32Array(reach);
  let [index, phase] = [0, 0];
  return chunk => {
    const input = concat(held, chunk.length > 0 ? chunk : new Float32Array(reach));
    const output: number[] = [];
    while (index + 2 * reach < input.length) {
      const weights = kernels[phase] ?? [];
      let sum = 0;
      for (let tap = 0; tap < weights.length; tap++) sum += (weights[tap] ?? 0) * (input[index + tap] ?? 0);
      output.push(sum);
      phase += step;
      index += Math.floor(phase / phases);
      phase %= phases;
    }
    held = input.slice(index);
    index = 0;
    return Float32Array.from(output);
  };
}

/** Weights of the `2 · reach + 1` inputs around an output that lies `offset` after the middle one. */
function kernel(offset: number, reach: number, cutoff: number): Float64Array {
  const weights = Float64Array.from({ length: 2 * reach + 1 }, (_, tap) => {
    const distance = tap - reach - offset;
    return cutoff * sinc(distance * cutoff) * window(distance / (reach + 1));
  });
  const gain = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map(weight => weight / gain);
}

function sinc(x: number): number {
  return x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
}

/** Blackman, over −1…1. */
function window(x: number): number {
  return Math.abs(x) >= 1 ? 0 : 0.42 + 0.5 * Math.cos(Math.PI * x) + 0.08 * Math.cos(2 * Math.PI * x);
}

function gcd(a: number, b: number): number {
  return b === 0 ? a : gcd(b, a % b);
}

function concat(a: Float32Array, b: Float32Array): Float32Array<ArrayBuffer> {
  const both = new Float32Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}
