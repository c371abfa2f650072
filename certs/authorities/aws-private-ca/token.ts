import { createHash } from 'node:crypto';

/** The longest idempotency token that AWS takes. */
const LENGTH = 36;

/**
 * A token that is the same for the same request: a call whose answer was lost can be made again, within AWS' five
 * minutes, without making, and being billed for, a second one.
 */
export function idempotencyToken(...parts: readonly (string | number | undefined)[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64url').slice(0, LENGTH);
}
