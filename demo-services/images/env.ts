import { consumingEnv } from '../runtime/consuming.js';
import { variable } from '../runtime/env.js';

export const imagesEnv = consumingEnv.extend({
  TOPIC_IMAGES: variable.text,
  TOPIC_IMAGES_DEAD_LETTERS: variable.text,
  BUCKET_IMAGES: variable.text,
  /** Pictures worked on at once. */
  CONCURRENCY: variable.whole(1, 64).default(4),
  MAX_PIXELS: variable.whole(1_000_000, 500_000_000).default(50_000_000),
});
