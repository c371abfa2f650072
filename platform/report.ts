/**
 * How a room tells what it is doing, without knowing who listens. The CLI prints it on stderr; tests collect it.
 * Six verbs and a progress line, no more.
 */
export interface Report {
  /** Begins something: `► broker  starting`. */
  action(subject: string, text: string): void;
  /** Made something: `✚ certificates  6 issued`. */
  generate(subject: string, text: string): void;
  /** Waits for something: `◎ broker  waiting for port 6651`. */
  waiting(subject: string, text: string): void;
  /** Ended well: `✔ broker  ready (8.1 s)`. */
  success(subject: string, text: string): void;
  /** Goes on, but the user should know: `⚠ …`. */
  warning(subject: string, text: string): void;
  /** Ended badly: `✗ …`. */
  failure(subject: string, text: string): void;
  /** A line that replaces itself on a terminal; elsewhere printed every few seconds. */
  progress(subject: string, text: string): void;
}

/** For callers that don't listen. */
export const silent: Report = {
  action: ignore,
  generate: ignore,
  waiting: ignore,
  success: ignore,
  warning: ignore,
  failure: ignore,
  progress: ignore,
};

function ignore(): void {
  // Nobody listens.
}
