import process from 'node:process';
import { type Code, ServiceError } from '../errors.js';
import { type DecodeLimits, decodeSpeech } from './decode.js';

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

// A process of its own: a file of some hundred bytes can make a decoder ask for memory until V8 ends the process,
// and no limit of a thread prevents that.
process.on('message', async ({ bytes, maxSeconds }: DecodeRequest) => {
  process.send?.(await answer(bytes, maxSeconds));
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
