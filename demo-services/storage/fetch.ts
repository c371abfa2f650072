import { createHash } from 'node:crypto';
import { ServiceError } from '../errors.js';
import type { Abortable, Bucket } from './port.js';

/** What a message says of its object. */
export interface ObjectClaim {
  readonly key: string;
  readonly size: number;
  readonly sha256: string;
}

/**
 * The bytes of an object, which are exactly those that the message claims. Never more than `maxBytes` are in memory,
 * whatever the message or the store say.
 *
 * @throws ObjectTooLarge, ObjectNotFound, ObjectCorrupt, or what the store throws
 */
export async function fetchObject(
  bucket: Bucket,
  { key, size, sha256 }: ObjectClaim,
  { maxBytes, signal }: Abortable & { readonly maxBytes: number },
): Promise<Buffer> {
  if (size > maxBytes) {
    throw new ServiceError('ObjectTooLarge', 'the object is too large', {
      saw: `${size} bytes`,
      want: `at most ${maxBytes}`,
    });
  }
  const stored = await bucket.get(key, { maxBytes, ...(signal && { signal }) });
  const chunks: Uint8Array[] = [];
  const hash = createHash('sha256');
  for await (const chunk of stored.body) {
    chunks.push(chunk);
    hash.update(chunk);
  }
  const bytes = Buffer.concat(chunks);
  if (bytes.length !== size) {
    throw new ServiceError('ObjectCorrupt', 'the object has another size than its message says', {
      saw: `${bytes.length} bytes`,
      want: `${size}`,
    });
  }
  if (hash.digest('hex') !== sha256) {
    throw new ServiceError('ObjectCorrupt', 'the object has another sha256 than its message says');
  }
  return bytes;
}
