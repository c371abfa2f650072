import { randomBytes } from 'node:crypto';

/** 256 bits, as text that needs no escaping anywhere. */
export function randomValue(): string {
  return randomBytes(32).toString('base64url');
}
