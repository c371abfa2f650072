import type { TargetOptions } from '../target.js';

export interface ApplyOptions extends TargetOptions {
  /** Say what would be done, and do nothing. */
  readonly dryRun: boolean;
  /** Take fields back that somebody else has changed. */
  readonly force: boolean;
  /** Whether it is verified at the end. */
  readonly verify: boolean;
  /** Go on though a gate is red: for the change that mends it. */
  readonly ignoreGates: boolean;
  /** Resources in AWS that may be replaced though they hold data or trust: `STACK/LOGICAL-ID`. @default - none */
  readonly replace?: readonly string[];
  /** Messages that may wait on a topic before pods of Pulsar are restarted. @default 100000 */
  readonly maxBacklog?: number;
  /** How long what was applied together may take until it is healthy. @default - 15 minutes */
  readonly timeoutMs?: number;
}
