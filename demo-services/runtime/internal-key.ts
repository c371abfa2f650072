import { createHash, timingSafeEqual } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { FastifyRequest } from 'fastify';
import { ServiceError } from '../errors.js';

/** A key that the front services share. The file is read at each use, so that a new key counts at once. */
export async function readKey(file: string): Promise<string> {
  const key = (await readFile(file, 'utf8')).trim();
  if (key.length < 32) {
    throw new ServiceError('CredentialUnreadable', 'the key is too short to be one', {
      where: file,
      want: '32 random bytes in base64',
    });
  }
  return key;
}

/** Lets nobody in but who has the key. */
export function keyGuard(file: string): (request: FastifyRequest) => Promise<void> {
  return async ({ headers }) => {
    const given = /^Bearer (\S+)$/.exec(headers.authorization ?? '')?.[1] ?? '';
    if (!timingSafeEqual(digest(given), digest(await readKey(file)))) {
      throw new ServiceError('NotSignedIn', 'this is for the services of the platform');
    }
  };
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
