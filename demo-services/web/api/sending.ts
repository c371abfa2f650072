import { z } from 'zod';
import { IMAGE_TYPES, MAX_AUDIO_BYTES, MAX_IMAGE_BYTES } from './limits.js';
import { instant, ulid } from './names.js';

const sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'wanted 64 lower-case hex digits');

/** Types that are taken; what counts later is what the bytes are. */
export const audioType = z
  .string()
  .max(127)
  .regex(
    /^audio\/(webm|ogg|mp4|x-m4a|m4a|wav|x-wav|wave)(\s*;\s*codecs=[\w."-]{1,40})?$/,
    'wanted audio/webm, ogg, mp4, m4a or wav',
  );
export const imageType = z.enum(IMAGE_TYPES);

/** First step: what is to be uploaded, to the byte. */
export const newUpload = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('audio'),
    contentType: audioType,
    size: z.int().min(1).max(MAX_AUDIO_BYTES),
    sha256,
  }),
  z.object({
    kind: z.literal('image'),
    contentType: imageType,
    size: z.int().min(1).max(MAX_IMAGE_BYTES),
    sha256,
  }),
]);
export type NewUpload = z.output<typeof newUpload>;

/**
 * Second step: PUT exactly these bytes to `url` with exactly these headers (leave out content-length: the browser sets
 * it). Third step: POST the message that names `upload`.
 */
export const upload = z.object({
  upload: ulid,
  url: z.url(),
  headers: z.record(z.string(), z.string()),
  expiresAt: instant,
});
export type Upload = z.output<typeof upload>;

/** The value of IDEMPOTENCY_HEADER. */
export const idempotencyKey = z.string().regex(/^[A-Za-z0-9_-]{8,64}$/, 'wanted 8 to 64 of A-Z a-z 0-9 _ -');

/** Third step: `upload` was put, or was stored by /stream. */
export const newMessage = z.object({
  upload: ulid,
  /** When its author made it. */
  createdAt: instant,
  /** A failed message of one's own in this thread that this one takes the place of. */
  replaces: ulid.optional(),
});
export type NewMessage = z.output<typeof newMessage>;

/** The answer, 202: it is stored and will be in the log. The same for every repetition under the same key. */
export const accepted = z.object({ id: ulid });
export type Accepted = z.output<typeof accepted>;

/** See RECORDING_EVERY_MS. */
export const recordingSignal = z.object({ recording: z.boolean() });
