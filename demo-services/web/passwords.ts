import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import PQueue from 'p-queue';

/** OWASP's recommendation for scrypt: 32 MiB and some 0.2 s for each guess. */
const COST = { N: 2 ** 15, r: 8, p: 3, maxmem: 64 * 1024 * 1024 };
const BYTES = 32;

/** Memory and threads of the process are for everybody: two guesses at a time, and no long queue of them. */
const queue = new PQueue({ concurrency: 2 });
const MAX_WAITING = 50;
const MAX_FIRST_WAITING = 500;

/** @param isFirst nothing has failed yet from where it comes: it need not stand behind those that guess */
export function canCheckPassword(isFirst = false): boolean {
  return queue.size < (isFirst ? MAX_FIRST_WAITING : MAX_WAITING);
}

export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16);
  const hash = await derive(password, salt, false);
  return `scrypt$${salt.toString('base64url')}$${hash.toString('base64url')}`;
}

/** Takes as long for somebody who does not exist, so that no clock tells who does. */
export async function isPassword(
  password: string,
  stored: string | null | undefined,
  isFirst = false,
): Promise<boolean> {
  const [, salt = 'nobody', hash = ''] = stored?.split('$') ?? [];
  const derived = await derive(password, Buffer.from(salt, 'base64url'), isFirst);
  const wanted = Buffer.from(hash, 'base64url');
  return wanted.length === derived.length && timingSafeEqual(wanted, derived);
}

function derive(password: string, salt: Buffer, isFirst: boolean): Promise<Buffer> {
  return queue.add(
    () =>
      new Promise<Buffer>((resolve, reject) => {
        scrypt(password.normalize('NFKC'), salt, BYTES, COST, (error, key) =>
          error ? reject(error) : resolve(key),
        );
      }),
    { priority: isFirst ? 1 : 0 },
  );
}
