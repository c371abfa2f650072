import decode from 'audio-decode';
import { ServiceError } from '../errors.js';
import { type AudioFormat, audioFormat } from './format.js';
import { soundSeconds } from './mp4.js';
import { resampler } from './resample.js';

/** What speech recognition works with. */
export const SPEECH_RATE = 16_000;

/** Bytes decoded at once: a compressed second may be a few bytes, so this bounds the memory of one step. */
const CHUNK_BYTES = 4_096;
/** The transcription API refuses what is shorter. */
const MIN_SECONDS = 0.1;
const SAMPLE_RATES = { min: 4_000, max: 96_000 };
const MAX_CHANNELS = 8;

export interface DecodeLimits {
  readonly maxSeconds: number;
}

/**
 * Sound of any accepted format as 16-bit mono PCM at 16 kHz. A recording that was cut off gives what there is.
 *
 * @throws AudioUnsupported, AudioUnreadable, AudioTooLong
 */
export async function decodeSpeech(file: Uint8Array, { maxSeconds }: DecodeLimits): Promise<Int16Array> {
  // A copy with a buffer of its own: the decoders look at the whole of `file.buffer`.
  const bytes = new Uint8Array(file);
  const format = formatOf(bytes);
  if (format === 'm4a' && soundSeconds(bytes) > maxSeconds) throw tooLong(maxSeconds);
  const parts: Int16Array[] = [];
  let samples = 0;
  let toSpeechRate: ReturnType<typeof resampler> | undefined;
  const take = (sound: Float32Array) => {
    const pcm = toInt16(sound);
    samples += pcm.length;
    if (samples > maxSeconds * SPEECH_RATE) throw tooLong(maxSeconds);
    parts.push(pcm);
  };
  for await (const { channelData, sampleRate } of chunksOf(bytes, format)) {
    check(channelData.length, sampleRate);
    if ((channelData[0]?.length ?? 0) / sampleRate > maxSeconds) throw tooLong(maxSeconds);
    toSpeechRate ??= resampler(sampleRate, SPEECH_RATE);
    take(toSpeechRate(toMono(channelData)));
  }
  if (toSpeechRate !== undefined) take(toSpeechRate(new Float32Array(0)));
  if (samples < MIN_SECONDS * SPEECH_RATE) {
    throw new ServiceError('AudioUnreadable', 'there is no sound in it', {
      saw: `${(samples / SPEECH_RATE).toFixed(2)} s`,
      want: `at least ${MIN_SECONDS} s`,
    });
  }
  return concat(parts, samples);
}

function formatOf(bytes: Uint8Array): AudioFormat {
  if (bytes.length === 0) throw new ServiceError('AudioUnreadable', 'the audio is empty');
  const format = audioFormat(bytes);
  if (format !== undefined) return format;
  throw new ServiceError('AudioUnsupported', 'the bytes are not of an accepted format', {
    want: 'webm, mp4, m4a, ogg or wav',
  });
}

async function* chunksOf(bytes: Uint8Array, format: AudioFormat) {
  const decoder = await decode[format]();
  try {
    for (let at = 0; at < bytes.length; at += CHUNK_BYTES) {
      const decoded = await decoder(bytes.slice(at, at + CHUNK_BYTES));
      if (decoded.channelData.length > 0) yield decoded;
    }
    const rest = await decoder();
    if (rest.channelData.length > 0) yield rest;
  } catch (cause) {
    if (cause instanceof ServiceError) throw cause;
    throw new ServiceError('AudioUnreadable', 'the audio is broken', { saw: format, cause });
  } finally {
    decoder.free();
  }
}

function check(channels: number, sampleRate: number): void {
  const { min, max } = SAMPLE_RATES;
  if (Number.isInteger(sampleRate) && sampleRate >= min && sampleRate <= max && channels <= MAX_CHANNELS)
    return;
  throw new ServiceError('AudioUnreadable', 'the audio has a form that nobody records', {
    saw: `${channels} channels at ${sampleRate} Hz`,
    want: `at most ${MAX_CHANNELS} channels at ${min} to ${max} Hz`,
  });
}

function tooLong(maxSeconds: number): ServiceError {
  return new ServiceError('AudioTooLong', 'the audio is too long', { want: `at most ${maxSeconds} s` });
}

function toMono(channels: readonly Float32Array[]): Float32Array {
  const [first = new Float32Array(0)] = channels;
  if (channels.length < 2) return first;
  return first.map((_, i) => channels.reduce((sum, channel) => sum + (channel[i] ?? 0), 0) / channels.length);
}

/** The decoders scale negative samples by 2^15 and positive ones by 2^15 − 1: so a WAV file comes out as it was. */
function toInt16(sound: Float32Array): Int16Array {
  return Int16Array.from(sound, sample => {
    const scaled = Math.round(sample < 0 ? sample * 32_768 : sample * 32_767);
    return Math.max(-32_768, Math.min(32_767, scaled));
  });
}

function concat(parts: readonly Int16Array[], samples: number): Int16Array {
  const all = new Int16Array(samples);
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
