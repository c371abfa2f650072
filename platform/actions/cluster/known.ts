import { PlatformError } from '../../errors.js';

/** A kind that the cluster does not know has no objects yet. */
export async function knownOnly<T>(work: () => Promise<T | undefined>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof PlatformError && error.code === 'KindUnknown') return undefined;
    throw error;
  }
}
