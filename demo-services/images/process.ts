import { type ImageMessage, renditionKey } from '../contract/index.js';
import { ServiceError } from '../errors.js';
import type { Metrics } from '../runtime/metrics.js';
import type { Outcome } from '../runtime/worker.js';
import { type Bucket, fetchObject } from '../storage/index.js';
import type { RenderPicture } from './render.js';

export interface ProcessPorts {
  readonly images: Bucket;
  readonly results: Bucket;
  readonly metrics: Pick<Metrics, 'stages'>;
  readonly render: RenderPicture;
}

const MAX_BYTES = 25 * 1024 * 1024;

/** From a picture to its renditions, stored under keys made from the message's id. */
export async function processPicture(
  message: ImageMessage,
  { images, results, metrics, render }: ProcessPorts,
  signal: AbortSignal,
): Promise<Outcome> {
  const timed = <T>(stage: string, work: Promise<T>): Promise<T> => {
    const end = metrics.stages.startTimer({ stage });
    return work.finally(end);
  };
  const bytes = await timed('fetch', fetchObject(images, message.object, { maxBytes: MAX_BYTES, signal }));
  const { renditions, ...picture } = await timed('render', render(bytes));
  const stored = renditions.map(async ({ fits, webp, width, height }) => {
    const key = renditionKey(message.id, fits);
    await putOnce(results, key, webp, signal);
    return { key, width, height, size: webp.length };
  });
  return { kind: 'picture', ...picture, renditions: await timed('store', Promise.all(stored)) };
}

/** Another attempt may have stored it already: the same bytes, made from the same bytes. */
async function putOnce(bucket: Bucket, key: string, webp: Buffer, signal: AbortSignal): Promise<void> {
  try {
    await bucket.put(key, webp, { contentType: 'image/webp', ifAbsent: true, signal });
  } catch (error) {
    if (!(error instanceof ServiceError) || error.code !== 'ObjectExists') throw error;
  }
}
