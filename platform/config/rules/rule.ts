import type { Code, Finding } from '../../errors.js';
import type { Config } from '../complete.js';

/** Something that is wrong between values that are each well-formed. `parseConfig` adds the line and column. */
export interface Problem {
  readonly code: Code;
  /** Key by key, from the top of the file. */
  readonly path: readonly (string | number)[];
  readonly message: string;
  readonly saw?: unknown;
  readonly want?: string;
  readonly fix?: string;
  /** @default 'error' */
  readonly severity?: Finding['severity'];
  /** Where the knowledge comes from. */
  readonly source?: string;
}

/**
 * A rule over a whole config. Pure.
 *
 * @param today `2026-11-21`, for rules about dates; without it they say nothing
 */
export type Rule = (config: Config, today?: string) => readonly Problem[];
