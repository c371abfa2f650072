import { z } from 'zod';
import { entry } from './entries.js';
import { instant, name } from './names.js';

/**
 * Events of GET /api/events (text/event-stream): `event:` is the name, `data:` is JSON of the form below. `entry` has
 * an `id:`; after a lost connection the browser sends the last one by itself (Last-Event-ID), and what was missed
 * comes first.
 */
export const liveEvents = {
  /** First of all. The stream ends at this time: refresh the session before, and it opens again by itself. */
  hello: z.object({ user: name, expiresAt: instant }),
  /** Something more is known of a message: see `merged`. */
  entry,
  /** Somebody of a thread that one shares came or went. */
  presence: z.object({ user: name, online: z.boolean() }),
  /** Somebody records, for RECORDING_LASTS_MS from now unless said again; or no longer does. */
  recording: z.object({ thread: name, user: name, recording: z.boolean() }),
  /** One's threads, or the members of one, have changed: ask again. */
  membership: z.object({ thread: name }),
  /** Nothing has happened: every BEAT_EVERY_MS. */
  beat: z.object({}),
  /** The place to go on from is too long ago: load the pages again. */
  reset: z.object({}),
} as const;

export type LiveEvents = { [Name in keyof typeof liveEvents]: z.output<(typeof liveEvents)[Name]> };
export type LiveEventName = keyof LiveEvents;
