import { parentPort } from 'node:worker_threads';
import { type Code, ServiceError } from '../errors.js';
import { type DecodeLimits, decodeSpeech } from './decode.js';

/** Runs in a thread of its own: whatever a file does to a decoder, the service stays alive and answers. */
export interface DecodeRequest extends DecodeLimits {
  readonly bytes: Uint8Array;
}

export type DecodeAnswer =
  | { readonly pcm: Int16Array }
  | {
      readonly code: Code;
      readonly message: string;
      readonly saw: string | undefined;
      readonly want: string | undefined;
    };

parentPort?.on('message', async ({ bytes, maxSeconds }: DecodeRequest) => {
  parentPort?.postMessage(await answer(bytes, maxSeconds));
});

async function answer(bytes: Uint8Array, maxSeconds: number): Promise<DecodeAnswer> {
  try {
    return { pcm: await decodeSpeech(bytes, { maxSeconds }) };
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    const { code, message, saw, want } = error;
    return { code, message, saw, want };
  }
}
