import type { TargetOptions } from '../target.js';

export interface ApplyOptions extends TargetOptions {
  /** Say what would be done, and do nothing. */
  readonly dryRun: boolean;
  /** Take fields back that somebody else has changed. */
  readonly force: boolean;
  /** How long what was applied together may take until it is healthy. @default - 15 minutes */
  readonly timeoutMs?: number;
}
