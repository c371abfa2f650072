import { ServiceError } from '../errors.js';

export interface Suspects {
  served(id: string): void;
  /** @returns what the failure means for the message: the same, or that it is the recording's own */
  failed(id: string, error: unknown): unknown;
}

/** An API that fails every second time would have to do so by chance, once in a million. */
const MAX_FAILURES = 20;

/**
 * Tells a recording that the API cannot bear from an API that is broken: the former fails again and again while others
 * are transcribed in between. Without others nothing is told, and the message waits.
 */
export function suspects(): Suspects {
  let served = 0;
  const known = new Map<string, { readonly failures: number; readonly servedThen: number }>();
  return {
    served: id => {
      served++;
      known.delete(id);
    },
    failed: (id, error) => {
      if (!(error instanceof ServiceError) || error.code !== 'SpeechFailed') return error;
      const { failures, servedThen } = known.get(id) ?? { failures: 0, servedThen: served };
      const now = served > servedThen ? failures + 1 : failures;
      if (now < MAX_FAILURES) {
        known.set(id, { failures: now, servedThen: served });
        return error;
      }
      known.delete(id);
      return new ServiceError(
        'AudioRejected',
        'the transcription API fails on this audio again and again, and on no other',
        { ...(error.saw !== undefined && { saw: error.saw }), cause: error },
      );
    },
  };
}
