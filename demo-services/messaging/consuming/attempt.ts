import type { Attempt } from '../port.js';

/** What a handler is told of its attempt, and how it is told to end. */
export interface Running extends Attempt {
  /** Why the handler was told to end. */
  readonly aborted: { readonly reason: unknown } | undefined;
  abort(reason: unknown): void;
}

export function beginAttempt(number: number): Running {
  return new RunningAttempt(number);
}

/** A class, and with a signal that is made only for handlers that look at it: there is one for each message. */
class RunningAttempt implements Running {
  readonly number: number;
  aborted: Running['aborted'];
  #controller: AbortController | undefined;

  constructor(number: number) {
    this.number = number;
  }

  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController();
      if (this.aborted !== undefined) this.#controller.abort(this.aborted.reason);
    }
    return this.#controller.signal;
  }

  abort(reason: unknown): void {
    if (this.aborted !== undefined) return;
    this.aborted = { reason };
    this.#controller?.abort(reason);
  }
}
