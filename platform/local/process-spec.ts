import { createHash } from 'node:crypto';
import { z } from 'zod';

export const processSpecSchema = z.strictObject({
  /** Unique: `broker`. */
  name: z.string(),
  command: z.string(),
  args: z.array(z.string()),
  /** The whole environment: nothing is inherited. */
  env: z.record(z.string(), z.string()),
  cwd: z.string(),
  /** Its stdout and stderr are appended here. */
  log: z.string(),
  /** 0 is backing: broker, store, speech. 1 is what uses it, and is stopped first. */
  layer: z.union([z.literal(0), z.literal(1)]),
  /** After SIGTERM and this time it is killed. */
  stopSeconds: z.number(),
  /** Changes when the process must be started anew although its command is the same: digest of what it reads once. */
  revision: z.string(),
});

/** One process that should run. The supervisor restarts it when anything in here changes. */
export type ProcessSpec = Readonly<z.output<typeof processSpecSchema>>;

export const wantedSchema = z.strictObject({
  processes: z.array(processSpecSchema),
  /** When this process has ended, so must everything: it is nobody's any more. @default - runs until it is stopped */
  owner: z.object({ pid: z.int(), startTime: z.string() }).optional(),
});

/** What the supervisor is to run. */
export type Wanted = Readonly<z.output<typeof wantedSchema>>;

/** By which a supervisor tells what it has carried out. */
export function digestOf(wantedText: string): string {
  return createHash('sha256').update(wantedText).digest('hex');
}
