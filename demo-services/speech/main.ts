import { access, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { decoder } from '../audio/decoder.js';
import { variable } from '../runtime/env.js';
import { runService } from '../runtime/service.js';
import { speechApi } from './api.js';
import { recognizers } from './recognizers.js';

const speechEnv = z.object({
  /** The bare key that clients must send. */
  SPEECH_API_KEY_FILE: variable.file,
  /** A Python that has pocketsphinx. */
  SPEECH_PYTHON: variable.file,
  SPEECH_WORKERS: variable.whole(1, 16).default(2),
  /** The name under which clients ask for it. */
  SPEECH_MODEL: variable.text.default('whisper-1'),
});

/** Of everything that it serves, and of what recognises it. */
const MAX_SECONDS = 780;
const MAX_WAITING = 200;
/** Python is not compiled: seen from dist/, it lies among the sources. */
const RECOGNIZE_PY = new URL('../../../demo-services/speech/recognize.py', import.meta.url);

await runService(speechEnv, ({ env, log, metrics, signal }) => {
  const decoding = decoder({ maxSeconds: MAX_SECONDS });
  const recognizing = recognizers({
    python: env.SPEECH_PYTHON,
    script: fileURLToPath(RECOGNIZE_PY),
    processes: env.SPEECH_WORKERS,
  });
  return {
    routes: app =>
      speechApi(app, {
        apiKey: async () => (await readFile(env.SPEECH_API_KEY_FILE, 'utf8')).trim(),
        models: [env.SPEECH_MODEL, 'pocketsphinx-en-us'],
        maxWaiting: MAX_WAITING,
        decode: decoding.decode,
        recognizers: recognizing,
        log,
        metrics,
        signal,
      }),
    start: async () => {
      await access(env.SPEECH_PYTHON);
      return {
        missing: async () => (recognizing.ready ? [] : ['recognizers']),
        stop: async () => {
          recognizing.close();
          decoding.close();
        },
      };
    },
  };
});
