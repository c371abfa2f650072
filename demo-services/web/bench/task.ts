/** What the process with the pages is told. */
export interface PagesTask {
  readonly url: string;
  readonly trustFile: string;
  readonly people: readonly { readonly name: string; readonly password: string }[];
  readonly pages: number;
  /** Messages that will be sent, numbered from 0. */
  readonly messages: number;
  /** So many of the first are not timed. */
  readonly warmUp: number;
  /** So many make a slice of the run. */
  readonly slice: number;
  readonly dropEveryMs: number;
  readonly maxAwayMs: number;
  /** How long it waits for the last event, ms. */
  readonly patienceMs: number;
}

/** ms */
export interface Delivery {
  readonly count: number;
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

/** What it says. */
export type PagesAnswer =
  | { readonly kind: 'open'; readonly pages: number }
  | {
      readonly kind: 'done';
      readonly drops: number;
      readonly failures: readonly (number | string)[];
      /** Events that a page never got. */
      readonly missing: number;
      /** Events that a page got again. */
      readonly twice: number;
      /** What was sent while a page was connected. */
      readonly live: Delivery;
      /** What was sent while a page was away, and came when it was back. */
      readonly resumed: Delivery;
      /** p99 of what was sent to pages that were connected, slice by slice. */
      readonly slices: readonly number[];
    };
