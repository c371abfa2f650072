import { messagingEnv } from '../messaging/index.js';
import { storeEnv, variable } from '../runtime/env.js';

/** What the traffic is told: where the broker and the store are, and what topics and buckets are called. */
export const trafficEnv = storeEnv.extend(messagingEnv.shape).extend({
  TOPIC_AUDIO: variable.text,
  TOPIC_IMAGES: variable.text,
  TOPIC_RESULTS: variable.text,
  TOPIC_AUDIO_DEAD_LETTERS: variable.text,
  TOPIC_IMAGES_DEAD_LETTERS: variable.text,
  BUCKET_AUDIO: variable.text,
  BUCKET_IMAGES: variable.text,
  BUCKET_RESULTS: variable.text,
  /** Unset: the SDK's own chain (Pod Identity). Set: this file and nothing else. */
  AWS_SHARED_CREDENTIALS_FILE: variable.file.optional(),
});
