import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import PQueue from 'p-queue';
import { ServiceError } from '../errors.js';
import type { DecodeAnswer, DecodeRequest } from './decoder-thread.js';

/** Far more than the longest accepted recording takes: who needs it hangs. */
const MAX_MS = 30_000;
/** Of JavaScript objects; sound itself lies outside of it and is bounded by the limits of `decodeSpeech`. */
const MAX_HEAP_MIB = 128;

export interface Decoder {
  /** `decodeSpeech`, in another thread and one file at a time, so that its memory is needed once. */
  decode(bytes: Uint8Array, signal?: AbortSignal): Promise<Int16Array>;
  close(): Promise<void>;
}

export function decoder(limits: { readonly maxSeconds: number }): Decoder {
  const queue = new PQueue({ concurrency: 1 });
  let thread: Worker | undefined;

  const decodeNow = async (bytes: Uint8Array): Promise<Int16Array> => {
    thread ??= new Worker(new URL('./decoder-thread.js', import.meta.url), {
      resourceLimits: { maxOldGenerationSizeMb: MAX_HEAP_MIB },
    });
    try {
      const request: DecodeRequest = { bytes: new Uint8Array(bytes), maxSeconds: limits.maxSeconds };
      thread.postMessage(request);
      const [answer] = (await once(thread, 'message', { signal: AbortSignal.timeout(MAX_MS) })) as [
        DecodeAnswer,
      ];
      if ('pcm' in answer) return answer.pcm;
      const { code, message, saw, want } = answer;
      throw new ServiceError(code, message, { ...(saw && { saw }), ...(want && { want }) });
    } catch (error) {
      if (error instanceof ServiceError) throw error;
      // It hangs, or died: the next file gets a fresh thread.
      await thread.terminate();
      thread = undefined;
      throw new Error('the decoder did not survive this file', { cause: error });
    }
  };

  return {
    decode: (bytes, signal) => queue.add(() => decodeNow(bytes), { ...(signal && { signal }) }),
    close: async () => {
      queue.clear();
      await thread?.terminate();
    },
  };
}
