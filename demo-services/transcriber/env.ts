import { consumingEnv } from '../runtime/consuming.js';
import { variable } from '../runtime/env.js';

export const transcriberEnv = consumingEnv.extend({
  TOPIC_AUDIO: variable.text,
  TOPIC_AUDIO_DEAD_LETTERS: variable.text,
  BUCKET_AUDIO: variable.text,
  /** Messages worked on at once: as many as the API serves at once for us. */
  CONCURRENCY: variable.whole(1, 64).default(2),
  OPENAI_BASE_URL: variable.url.default('https://api.openai.com/v1'),
  /** Unset: the API wants no key. */
  OPENAI_API_KEY_FILE: variable.file.optional(),
  OPENAI_MODEL: variable.text.default('whisper-1'),
  /** Roots that sign the API's certificate. Unset: the public ones. */
  OPENAI_TRUST_FILE: variable.file.optional(),
  /** Of ten minutes, decoding needs some 500 MB for a moment; 780 s fill the API's largest upload. */
  MAX_AUDIO_SECONDS: variable.whole(1, 780).default(300),
});
