import { z } from 'zod';
import { instant, name, ulid } from './names.js';

const seconds = z.number().min(0);

export const transcript = z.object({
  text: z.string(),
  language: z.string(),
  /** Seconds of audio. */
  duration: seconds,
  /** Times in seconds from the beginning: seek by them. */
  segments: z.array(z.object({ start: seconds, end: seconds, text: z.string() })),
  /** How loud it is, in slices of equal length; 255 is the loudest. */
  waveform: z.array(z.int().min(0).max(255)).optional(),
});

export const picture = z.object({
  /** Of the original, upright. */
  width: z.int().min(1),
  height: z.int().min(1),
  /** Sizes that GET …/picture?width= has. */
  renditions: z.array(z.object({ width: z.int(), height: z.int() })),
  /** A blurred thumbnail as a data URL. */
  preview: z.string(),
});

/**
 * One message of a thread, as far as it is known. Parts arrive one by one, in any order: a live event carries one of
 * them, a page carries all there are.
 */
export const entry = z.object({
  id: ulid,
  thread: name,
  author: name,
  createdAt: instant,
  kind: z.enum(['audio', 'image']).optional(),
  /** The recording or picture itself: GET …/media. Missing until the message is in the log. */
  media: z.object({ contentType: z.string(), size: z.int().min(0) }).optional(),
  /** Stored by the front door, and on its way into the log. */
  pending: z.literal(true).optional(),
  /** Id of the failed message that this one takes the place of: no longer show that one. */
  replaces: ulid.optional(),
  transcript: transcript.optional(),
  picture: picture.optional(),
  /** Why it failed: code is stable, reason is for people. Its author may send it again with `replaces`. */
  failure: z.object({ code: z.string(), reason: z.string() }).optional(),
});

export type Entry = z.output<typeof entry>;
export type Transcript = z.output<typeof transcript>;
export type Picture = z.output<typeof picture>;
