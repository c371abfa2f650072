import { imageMessage } from '../contract/index.js';
import { consume } from '../runtime/consuming.js';
import { runService } from '../runtime/service.js';
import { imagesEnv } from './env.js';
import { processPicture } from './process.js';
import { pictureRenderer } from './render.js';

await runService(imagesEnv, context => {
  const { env, metrics } = context;
  return {
    start: () =>
      consume(context, {
        topic: env.TOPIC_IMAGES,
        deadLetters: env.TOPIC_IMAGES_DEAD_LETTERS,
        type: 'Shared',
        concurrency: env.CONCURRENCY,
        schema: imageMessage,
        reads: env.BUCKET_IMAGES,
        work: (store, results) => {
          const ports = {
            images: store.bucket(env.BUCKET_IMAGES),
            results,
            metrics,
            render: pictureRenderer({ maxPixels: env.MAX_PIXELS }),
          };
          return (message, signal) => processPicture(message, ports, signal);
        },
      }),
  };
});
