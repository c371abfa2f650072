import { databaseEnv } from '../database/index.js';
import { messagingEnv } from '../messaging/index.js';
import { variable } from '../runtime/env.js';

export const threadEnv = messagingEnv.extend(databaseEnv.shape).extend({
  TOPIC_AUDIO: variable.text,
  TOPIC_IMAGES: variable.text,
  TOPIC_RESULTS: variable.text,
  TOPIC_AUDIO_DEAD_LETTERS: variable.text,
  TOPIC_IMAGES_DEAD_LETTERS: variable.text,
  /** Key that callers must have. */
  INTERNAL_KEY_FILE: variable.file,
});
