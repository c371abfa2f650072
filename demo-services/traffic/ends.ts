import { connect, connectOptions } from '../messaging/index.js';
import { type Environment, readEnv } from '../runtime/env.js';
import { httpsAgent } from '../runtime/trust.js';
import { s3 } from '../storage/index.js';
import { trafficEnv } from './env.js';

/**
 * Broker and store of an environment, and what the traffic uses of them.
 *
 * @throws ServiceError EnvironmentInvalid, or what connecting throws
 */
export async function openEnds(environment: Environment) {
  const env = readEnv(trafficEnv, environment);
  const client = await connect(connectOptions(env));
  const store = s3({
    region: env.AWS_REGION,
    agent: httpsAgent(env.AWS_CA_BUNDLE),
    ...(env.AWS_ENDPOINT_URL_S3 !== undefined && { endpoint: env.AWS_ENDPOINT_URL_S3 }),
    ...(env.AWS_SHARED_CREDENTIALS_FILE !== undefined && {
      credentialsFile: env.AWS_SHARED_CREDENTIALS_FILE,
    }),
  });
  return {
    client,
    /** One producer for each kind of message. */
    producers: async () => {
      const [audio, image] = await Promise.all([
        client.producer({ topic: env.TOPIC_AUDIO, name: 'traffic' }),
        client.producer({ topic: env.TOPIC_IMAGES, name: 'traffic' }),
      ]);
      return { audio, image };
    },
    buckets: { audio: store.bucket(env.BUCKET_AUDIO), image: store.bucket(env.BUCKET_IMAGES) },
    results: store.bucket(env.BUCKET_RESULTS),
    followed: {
      results: env.TOPIC_RESULTS,
      deadLetters: [env.TOPIC_AUDIO_DEAD_LETTERS, env.TOPIC_IMAGES_DEAD_LETTERS],
    },
    close: async () => {
      await client.close();
      store.close();
    },
  };
}
