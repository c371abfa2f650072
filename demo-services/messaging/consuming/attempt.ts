import type { Attempt } from '../port.js';

/** What a handler is told of its attempt, and how it is told to end. */
export interface Running extends Attempt {
  /** Why the handler was told to end. */
  readonly aborted: { readonly reason: unknown } | undefined;
  abort(reason: unknown): void;
}

/** Its signal is made only for handlers that look at it: it costs more than all the rest of a message. */
export function beginAttempt(number: number): Running {
  let controller: AbortController | undefined;
  let aborted: Running['aborted'];
  return {
    number,
    get signal() {
      if (controller === undefined) {
        controller = new AbortController();
        if (aborted !== undefined) controller.abort(aborted.reason);
      }
      return controller.signal;
    },
    get aborted() {
      return aborted;
    },
    abort: reason => {
      if (aborted !== undefined) return;
      aborted = { reason };
      controller?.abort(reason);
    },
  };
}
