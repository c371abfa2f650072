import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { mp4Claiming } from '../testing/mp4.js';
import { decodeSpeech, SPEECH_RATE } from './decode.js';
import { soundSeconds } from './mp4.js';
import { resampler } from './resample.js';
import { wavFile } from './wav.js';

const sample = (file: string) => readFile(new URL(`../testing/audio/${file}`, import.meta.url));
const limits = { maxSeconds: 600 };
const spoken = 'plain.wav';
const recorded = ['browser.webm', 'opus.ogg', 'vorbis.ogg', 'phone.m4a', 'fragments.mp4'];

/** How alike two sounds are at their best alignment within 100 ms: 1 is the same. */
function likeness(a: Int16Array, b: Int16Array): number {
  const n = Math.min(a.length, b.length) - 3_200;
  const dot = (x: Int16Array, xAt: number, y: Int16Array, yAt: number) => {
    let sum = 0;
    for (let i = 0; i < n; i++) sum += (x[xAt + i] ?? 0) * (y[yAt + i] ?? 0);
    return sum;
  };
  let best = 0;
  for (let shift = 0; shift <= 3_200; shift += 4) {
    const alike = dot(a, 1_600, b, shift) / Math.sqrt(dot(a, 1_600, a, 1_600) * dot(b, shift, b, shift));
    best = Math.max(best, alike);
  }
  return best;
}

describe('speech of any accepted format', () => {
  it.each(recorded)('%s sounds as it was spoken', async file => {
    const original = await decodeSpeech(await sample(spoken), limits);
    const decoded = await decodeSpeech(await sample(file), limits);
    expect(decoded.length / SPEECH_RATE).toBeCloseTo(original.length / SPEECH_RATE, 0);
    expect(likeness(original, decoded)).toBeGreaterThan(0.9);
  });

  it('does not change a WAV file that is already 16-bit mono at 16 kHz', async () => {
    const file = await sample(spoken);
    const again = wavFile(await decodeSpeech(file, limits), SPEECH_RATE);
    expect(again.subarray(44).equals(file.subarray(44))).toBe(true);
  });

  it('is told by its bytes: a name or a pooled buffer do not matter', async () => {
    const file = await sample(spoken);
    const inside = Buffer.concat([Buffer.from('noise before'), file]).subarray('noise before'.length);
    expect(await decodeSpeech(inside, limits)).toEqual(await decodeSpeech(file, limits));
  });

  it.each(['browser.webm', 'opus.ogg', 'fragments.mp4'])(
    'gives what there is when %s was cut off',
    async file => {
      const bytes = await sample(file);
      const cut = await decodeSpeech(bytes.subarray(0, Math.floor(bytes.length * 0.8)), limits);
      expect(cut.length).toBeGreaterThan(0.3 * SPEECH_RATE);
    },
  );
});

describe('what is refused', () => {
  const refusal = async (bytes: Uint8Array, maxSeconds = 600) =>
    decodeSpeech(bytes, { maxSeconds }).then(
      () => 'accepted',
      error => error.code,
    );

  it('is empty, cut off before its sound, or broken', async () => {
    expect(await refusal(Buffer.alloc(0))).toBe('AudioUnreadable');
    for (const file of [spoken, ...recorded]) {
      expect(await refusal((await sample(file)).subarray(0, 60))).toBe('AudioUnreadable');
    }
    const phone = await sample('phone.m4a');
    expect(await refusal(phone.subarray(0, phone.length / 2))).toBe('AudioUnreadable');
  });

  it('is no audio, or a format that is not accepted', async () => {
    expect(await refusal(Buffer.from('hello there, this is text'))).toBe('AudioUnsupported');
    expect(await refusal(Buffer.from('fLaC and what follows it'))).toBe('AudioUnsupported');
    expect(await refusal(Buffer.alloc(50_000, 0xff))).toBe('AudioUnsupported');
  });

  it('is longer than the limit, known before all of it is decoded', async () => {
    for (const file of [spoken, ...recorded])
      expect(await refusal(await sample(file), 0.5)).toBe('AudioTooLong');
  });

  it('claims a form that would need endless memory', async () => {
    const file = wavFile(new Int16Array(40_000), SPEECH_RATE);
    for (const [offset, value] of [
      [24, 1],
      [24, 4_000_000_000],
    ] as const) {
      const changed = Buffer.from(file);
      changed.writeUInt32LE(value, offset);
      expect(await refusal(changed)).toBe('AudioUnreadable');
    }
  });
});

describe('an MP4 file whose silence is hours in a few bytes', () => {
  it('is recognised by its sample table', async () => {
    expect(soundSeconds(mp4Claiming('soun', 500_000))).toBeCloseTo(10_667, 0);
    expect(soundSeconds(mp4Claiming('vide', 500_000))).toBe(0);
    expect(soundSeconds(await sample('phone.m4a'))).toBeGreaterThan(1);
    await expect(decodeSpeech(mp4Claiming('soun', 4_000_000_000), limits)).rejects.toMatchObject({
      code: 'AudioTooLong',
    });
  });

  it('makes no mistake of a broken one', () => {
    const whole = mp4Claiming('soun', 500);
    for (let length = 0; length < whole.length; length++) soundSeconds(whole.subarray(0, length));
  });
});

describe('the resampler', () => {
  const tone = (hz: number, rate: number) =>
    Float32Array.from({ length: rate }, (_, i) => Math.sin((2 * Math.PI * hz * i) / rate));
  const inChunks = (sound: Float32Array, rate: number, size: number) => {
    const resample = resampler(rate, SPEECH_RATE);
    const parts: number[] = [];
    for (let at = 0; at < sound.length; at += size) parts.push(...resample(sound.slice(at, at + size)));
    return [...parts, ...resample(new Float32Array(0))];
  };
  const loudness = (sound: readonly number[]) =>
    Math.sqrt((2 * sound.reduce((sum, sample) => sum + sample * sample, 0)) / sound.length);

  it.each([8_000, 22_050, 44_100, 48_000, 96_000])('keeps length and speech of %i Hz', rate => {
    const heard = inChunks(tone(440, rate), rate, 997);
    expect(heard).toHaveLength(SPEECH_RATE);
    const wanted = [...tone(440, SPEECH_RATE)];
    const middle = heard.slice(2_000, -2_000).map((sample, i) => sample - (wanted[i + 2_000] ?? 0));
    expect(loudness(middle)).toBeLessThan(0.001);
  });

  it('does not fold what is too high for speech into it', () => {
    expect(loudness(inChunks(tone(12_000, 48_000), 48_000, 4_096).slice(2_000, -2_000))).toBeLessThan(0.001);
  });

  it('does not depend on where the chunks end', () => {
    const sound = tone(1_000, 44_100);
    expect(inChunks(sound, 44_100, 100)).toEqual(inChunks(sound, 44_100, 44_100));
  });
});
