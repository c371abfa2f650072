import { CODES, type Code, ServiceError } from '../../errors.js';
import type { SubscriptionType } from '../port.js';

/** What becomes of a message once its handler has ended. */
export type Verdict =
  | { readonly kind: 'acknowledge' }
  /** Keep it and call the handler again, later; not before the time that the failed party asked for. */
  | { readonly kind: 'retry'; readonly code: Code; readonly notBeforeMs?: number }
  /** Let the broker hand it out again, perhaps to another consumer. */
  | { readonly kind: 'give-back'; readonly code: Code }
  | { readonly kind: 'dead-letter'; readonly code: Code; readonly reason: string };

export interface Circumstances {
  readonly type: SubscriptionType;
  /** Deliveries and retries so far, this one included. */
  readonly attempt: number;
  readonly maxRedeliveries: number;
}

/** Nobody may have a message wait for longer, ms. */
const MAX_ASKED_MS = 10 * 60_000;

/** @param error what the handler threw; undefined if it returned */
export function verdictOn(error: unknown, { type, attempt, maxRedeliveries }: Circumstances): Verdict {
  if (error === undefined) return { kind: 'acknowledge' };
  const code = error instanceof ServiceError ? error.code : 'Unexpected';
  if (error instanceof ServiceError && code !== 'AckTimeout') {
    if (!CODES[code].waits) return { kind: 'dead-letter', code, reason: error.message };
    const asked = error.retryAfterMs;
    return {
      kind: 'retry',
      code,
      ...(asked !== undefined && { notBeforeMs: Math.min(asked, MAX_ASKED_MS) }),
    };
  }
  if (attempt > maxRedeliveries) {
    const reason = code === 'AckTimeout' ? 'the handler took too long' : nameAndPlace(error);
    return { kind: 'dead-letter', code, reason: `${reason}, attempt ${attempt}` };
  }
  return { kind: type === 'Shared' ? 'give-back' : 'retry', code };
}

/** Names an unforeseen error without its message, which may quote what was in the message handled. */
function nameAndPlace(error: unknown): string {
  if (!(error instanceof Error)) return `thrown: a ${typeof error}`;
  const frame = error.stack?.split('\n').find(line => /^\s+at /.test(line)) ?? '';
  const place = /([^/\\\s()]+:\d+:\d+)/.exec(frame)?.[1];
  return place === undefined ? error.name : `${error.name} at ${place}`;
}
