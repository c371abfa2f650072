import { z } from 'zod';
import { name } from './api/index.js';

/** What web processes tell each other on the topic `signals`. */
export const signal = z.discriminatedUnion('kind', [
  /** Who belongs to a thread has changed: ask the database again. `names` have joined or left. */
  z.object({ kind: z.literal('membership'), thread: name, names: z.array(name) }),
  z.object({ kind: z.literal('recording'), thread: name, user: name, recording: z.boolean() }),
  /** A session has ended: ask the database again, and end what is under way of it. */
  z.object({ kind: z.literal('signed-out'), session: z.string().max(64) }),
  /** Everybody who has a live page at this process. Repeated; counts for a while. */
  z.object({ kind: z.literal('presence'), process: z.string(), users: z.array(name) }),
]);

export type Signal = z.output<typeof signal>;

export function encodeSignal(value: Signal): Buffer {
  return Buffer.from(JSON.stringify(value));
}

/** Undefined for what cannot be read: a newer process may say more. */
export function decodeSignal(data: Uint8Array): Signal | undefined {
  try {
    return signal.safeParse(JSON.parse(Buffer.from(data).toString())).data;
  } catch {
    return undefined;
  }
}
