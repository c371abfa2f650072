import { z } from 'zod';

const identitySchema = z.object({ pid: z.int(), startTime: z.string() });

export const supervisorStateSchema = z.object({
  supervisor: identitySchema,
  /** Digest of what was wanted when it was carried out last. */
  accepted: z.string().optional(),
  processes: z.array(
    z.object({
      name: z.string(),
      phase: z.enum(['running', 'waiting', 'stopping']),
      /** @default - not running */
      identity: identitySchema.optional(),
      startedAt: z.string().optional(),
      /** How often it was started after its first time. */
      restarts: z.int(),
      lastEnd: z
        .object({ code: z.int().nullable(), signal: z.string().nullable(), at: z.string() })
        .optional(),
    }),
  ),
});

/** What the supervisor runs. Written by the supervisor alone, at every change. */
export type SupervisorState = Readonly<z.output<typeof supervisorStateSchema>>;

export type ProcessState = SupervisorState['processes'][number];
