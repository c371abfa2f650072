import { decoder } from '../audio/decoder.js';
import { audioMessage } from '../contract/index.js';
import { consume } from '../runtime/consuming.js';
import { runService } from '../runtime/service.js';
import { fetchDispatcher } from '../runtime/trust.js';
import { transcriberEnv } from './env.js';
import { apiKeyOf, speechApi } from './speech-api.js';
import { suspects } from './suspects.js';
import { transcribe } from './transcribe.js';

await runService(transcriberEnv, context => {
  const { env, metrics } = context;
  const speech = speechApi({
    baseUrl: env.OPENAI_BASE_URL,
    apiKey: () => apiKeyOf(env.OPENAI_API_KEY_FILE),
    model: env.OPENAI_MODEL,
    dispatcher: fetchDispatcher(env.OPENAI_TRUST_FILE),
  });
  const decoding = decoder({ maxSeconds: env.MAX_AUDIO_SECONDS });
  return {
    start: () =>
      consume(context, {
        topic: env.TOPIC_AUDIO,
        deadLetters: env.TOPIC_AUDIO_DEAD_LETTERS,
        type: 'Key_Shared',
        concurrency: env.CONCURRENCY,
        schema: audioMessage,
        reads: env.BUCKET_AUDIO,
        work: store => {
          const ports = {
            ...{ audio: store.bucket(env.BUCKET_AUDIO), decode: decoding.decode },
            ...{ speech, suspects: suspects(), metrics },
          };
          return (message, signal) => transcribe(message, ports, signal);
        },
        probes: { speech: signal => speech.check(signal) },
        close: decoding.close,
      }),
  };
});
