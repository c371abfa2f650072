import { describe, expect, it } from 'vitest';
import { SPEECH_RATE } from '../../audio/index.js';
import type { Speech } from '../../transcriber/speech-api.js';
import { captionsOf } from './captions.js';

const { signal } = new AbortController();

/** An engine that hears a word each second: `w0`, `w1`, … of the whole recording. */
function world(seconds: () => number, timed = true) {
  const lengths: number[] = [];
  const captions = captionsOf({
    atOnce: 2,
    decode: async () => new Int16Array(seconds() * SPEECH_RATE),
    transcribe: async (wav): Promise<Speech> => {
      const length = Math.round((wav.byteLength - 44) / 2 / SPEECH_RATE);
      const from = seconds() - length;
      lengths.push(length);
      const words = Array.from({ length }, (_, i) => `w${from + i}`);
      const segments = words.map((text, i) => ({ text, start: i, end: i + 1 }));
      return { text: words.join(' '), language: 'en', segments: timed ? segments : [] };
    },
  });
  return { captions, lengths };
}
const wordsTo = (count: number) => Array.from({ length: count }, (_, i) => `w${i}`).join(' ');

describe('captions of a recording that grows', () => {
  it('hold every word once, while no more than a window is listened to again', async () => {
    let now = 0;
    const { captions, lengths } = world(() => now);
    const listen = captions.begin();
    for (now = 3; now <= 300; now += 3) {
      expect(await listen(new Uint8Array(), signal)).toEqual({ text: wordsTo(now), seconds: now });
    }
    expect(Math.max(...lengths)).toBeLessThanOrEqual(36);
  });

  it('listen to all of it where the engine tells no times', async () => {
    let now = 0;
    const { captions, lengths } = world(() => now, false);
    const listen = captions.begin();
    for (now = 20; now <= 80; now += 20) await listen(new Uint8Array(), signal);
    expect(lengths).toEqual([20, 40, 60, 80]);
  });

  it('keep recordings apart', async () => {
    const { captions } = world(() => 40);
    const [one, other] = [captions.begin(), captions.begin()];
    await one(new Uint8Array(), signal);
    expect((await other(new Uint8Array(), signal)).text).toBe(wordsTo(40));
  });

  it('wait for each other, and no longer than the recording', async () => {
    let running = 0;
    let most = 0;
    const captions = captionsOf({
      atOnce: 2,
      decode: async () => new Int16Array(SPEECH_RATE),
      transcribe: async () => {
        most = Math.max(most, ++running);
        await new Promise(resolve => setImmediate(resolve));
        running--;
        return { text: '', language: '', segments: [] };
      },
    });
    await Promise.all(Array.from({ length: 9 }, () => captions.begin()(new Uint8Array(), signal)));
    expect(most).toBe(2);
    const ended = captions.begin()(new Uint8Array(), AbortSignal.abort(new Error('gone')));
    await expect(ended).rejects.toThrow('gone');
  });
});
