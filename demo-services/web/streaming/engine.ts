import { decoder } from '../../audio/decoder.js';
import { fetchDispatcher } from '../../runtime/trust.js';
import { apiKeyOf, speechApi } from '../../transcriber/speech-api.js';
import { STREAM_MAX_SECONDS } from '../api/index.js';
import type { WebEnv } from '../env.js';
import { type Captions, captionsOf, noCaptions } from './captions.js';

/** A caption that comes later than this is of no use, ms. */
const PATIENCE_MS = 15_000;

/** The engine that the transcriber uses, for captions. */
export function listenersOf(env: WebEnv): { readonly captions: Captions; close(): Promise<void> } {
  if (env.CAPTIONS_AT_ONCE === 0) return { captions: noCaptions, close: async () => undefined };
  const dispatcher = fetchDispatcher(env.OPENAI_TRUST_FILE);
  const speech = speechApi({
    baseUrl: env.OPENAI_BASE_URL,
    apiKey: () => apiKeyOf(env.OPENAI_API_KEY_FILE),
    model: env.OPENAI_MODEL,
    timeoutMs: PATIENCE_MS,
    dispatcher,
  });
  const decoding = decoder({ maxSeconds: STREAM_MAX_SECONDS });
  const captions = captionsOf({
    decode: decoding.decode,
    transcribe: speech.transcribe,
    atOnce: env.CAPTIONS_AT_ONCE,
  });
  return {
    captions,
    close: async () => {
      decoding.close();
      await dispatcher.destroy();
    },
  };
}
