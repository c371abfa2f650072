import pMap from 'p-map';
import pRetry from 'p-retry';
import { type Result, resultKey } from '../contract/index.js';
import { ServiceError, waits } from '../errors.js';
import type { Bucket } from '../storage/index.js';
import { sha256 } from './contents.js';
import type { Checked } from './events.js';

const CONCURRENCY = 8;
const MAX_RESULT_BYTES = 1024 * 1024;
const RETRIES = 8;
const MAX_PICTURES = 12;
const MAX_PICTURE_BYTES = 256 * 1024;

/** Looks into the store: is what was announced there, byte by byte, and every picture that it names? */
export function checkStored(
  results: readonly Result[],
  bucket: Bucket,
  signal: AbortSignal,
): Promise<Checked[]> {
  const look = async (result: Result): Promise<Checked> => {
    const bytes = await readObject(bucket, resultKey(result.id), MAX_RESULT_BYTES, signal);
    return {
      event: 'checked',
      id: result.id,
      ...(bytes && { digest: sha256(bytes) }),
      wrongRenditions: await wrongRenditions(result, bucket, signal),
    };
  };
  return pMap(
    results,
    result =>
      pRetry(() => look(result), { retries: RETRIES, signal, shouldRetry: ({ error }) => waits(error) }),
    { concurrency: CONCURRENCY, signal },
  );
}

async function wrongRenditions(result: Result, bucket: Bucket, signal: AbortSignal): Promise<string[]> {
  if (result.kind !== 'picture') return [];
  const looks = result.renditions.map(async ({ key, size }) => {
    const info = await bucket.head(key, { signal });
    return info?.size === size ? [] : [key];
  });
  return (await Promise.all(looks)).flat();
}

/** Some of the pictures that came out, small, by message. */
export async function picturesOf(
  results: readonly Result[],
  bucket: Bucket,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, Buffer>> {
  const pictures = new Map<string, Buffer>();
  for (const result of results) {
    if (pictures.size === MAX_PICTURES) break;
    const smallest = result.kind === 'picture' ? result.renditions.at(-1) : undefined;
    const webp = smallest && (await readObject(bucket, smallest.key, MAX_PICTURE_BYTES, signal));
    if (webp) pictures.set(result.id, webp);
  }
  return pictures;
}

/** The bytes of an object; undefined when there is none. */
async function readObject(
  bucket: Bucket,
  key: string,
  maxBytes: number,
  signal: AbortSignal,
): Promise<Buffer | undefined> {
  try {
    const { body } = await bucket.get(key, { maxBytes, signal });
    const chunks: Uint8Array[] = [];
    for await (const chunk of body) chunks.push(chunk);
    return Buffer.concat(chunks);
  } catch (error) {
    if (error instanceof ServiceError && error.code === 'ObjectNotFound') return undefined;
    throw error;
  }
}
