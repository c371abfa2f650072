import PQueue from 'p-queue';
import { SPEECH_RATE, wavFile } from '../../audio/index.js';
import type { Speech } from '../../transcriber/speech-api.js';

export interface CaptionsProps {
  readonly decode: (bytes: Uint8Array, signal: AbortSignal) => Promise<Int16Array>;
  readonly transcribe: (wav: Buffer, signal: AbortSignal) => Promise<Speech>;
  /** Recordings listened to at a time, on this process. */
  readonly atOnce: number;
}

export interface Understood {
  readonly text: string;
  /** Of the recording. */
  readonly seconds: number;
}

/** Understands one recording while it grows. One call at a time. */
export type Listener = (recording: Uint8Array, signal: AbortSignal) => Promise<Understood>;

export interface Captions {
  /** For a new recording; undefined where nobody listens. */
  begin(): Listener | undefined;
}

export const noCaptions: Captions = { begin: () => undefined };

/** So much of the end is listened to again and again; what lies before stays as it was understood. Seconds. */
const WINDOW = 30;
/** What is that close to the end may still be understood otherwise. */
const OPEN = 10;

/**
 * Captions of engines that know whole files only: the end of what was recorded so far is transcribed anew each time.
 * A few at a time; the others wait.
 */
export function captionsOf({ decode, transcribe, atOnce }: CaptionsProps): { begin(): Listener } {
  const queue = new PQueue({ concurrency: atOnce });
  return {
    begin: () => {
      let settled: Understood = { text: '', seconds: 0 };
      const listen = async (recording: Uint8Array, signal: AbortSignal): Promise<Understood> => {
        const pcm = await decode(recording, signal);
        const seconds = pcm.length / SPEECH_RATE;
        const heard = await transcribe(
          wavFile(pcm.subarray(Math.floor(settled.seconds * SPEECH_RATE)), SPEECH_RATE),
          signal,
        );
        const all = joined(settled.text, heard.text);
        if (seconds - settled.seconds > WINDOW) settled = settledBy(settled, heard, seconds);
        return { text: all, seconds };
      };
      return (recording, signal) => queue.add(() => listen(recording, signal), { signal });
    },
  };
}

/** Of an engine that tells no times nothing is ever settled: it listens to all of it. */
function settledBy(settled: Understood, { segments }: Speech, seconds: number): Understood {
  const done = segments.filter(({ end }) => settled.seconds + end <= seconds - OPEN);
  const last = done.at(-1);
  if (last === undefined) return settled;
  const text = done.map(segment => segment.text).join(' ');
  return { text: joined(settled.text, text), seconds: settled.seconds + last.end };
}

function joined(...texts: readonly string[]): string {
  return texts.filter(Boolean).join(' ');
}
