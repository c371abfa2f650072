import { SPEECH_RATE, waveformOf, wavFile } from '../audio/index.js';
import type { AudioMessage } from '../contract/index.js';
import { ServiceError } from '../errors.js';
import type { Metrics } from '../runtime/metrics.js';
import type { Outcome } from '../runtime/worker.js';
import { type Bucket, fetchObject } from '../storage/index.js';
import type { SpeechApi } from './speech-api.js';
import type { Suspects } from './suspects.js';

export interface TranscribePorts {
  readonly audio: Bucket;
  readonly decode: (bytes: Uint8Array, signal: AbortSignal) => Promise<Int16Array>;
  readonly speech: Pick<SpeechApi, 'transcribe'>;
  readonly suspects: Suspects;
  readonly metrics: Pick<Metrics, 'stages'>;
}

/** OpenAI's limit of an upload, and ours: longer recordings belong into pieces. */
const MAX_BYTES = 25 * 1024 * 1024;
const MAX_TEXT = 100_000;
const MAX_SEGMENTS = 5_000;

/**
 * From a spoken message to its transcript. Whatever the recording was, the API gets 16-bit mono WAV at 16 kHz: every
 * server takes that, also those that can't decode, and the longest accepted one stays under the limit of an upload.
 */
export async function transcribe(
  message: AudioMessage,
  { audio, decode, speech, suspects, metrics }: TranscribePorts,
  signal: AbortSignal,
): Promise<Outcome> {
  const timed = <T>(stage: string, work: Promise<T>): Promise<T> => {
    const end = metrics.stages.startTimer({ stage });
    return work.finally(end);
  };
  const bytes = await timed('fetch', fetchObject(audio, message.object, { maxBytes: MAX_BYTES, signal }));
  const pcm = await timed('decode', decode(bytes, signal));
  const heard = await timed('transcribe', speech.transcribe(wavFile(pcm, SPEECH_RATE), signal)).catch(
    error => {
      throw suspects.failed(message.id, error);
    },
  );
  suspects.served(message.id);
  if (heard.text.length > MAX_TEXT || heard.segments.length > MAX_SEGMENTS) {
    throw new ServiceError(
      'AudioRejected',
      'the transcription API answers with more text than anybody speaks',
      {
        saw: `${heard.text.length} characters`,
        want: `at most ${MAX_TEXT}`,
      },
    );
  }
  return {
    kind: 'transcript',
    text: heard.text,
    language: heard.language,
    duration: pcm.length / SPEECH_RATE,
    segments: [...heard.segments],
    waveform: waveformOf(pcm),
  };
}
