import { z } from 'zod';

/** The version that this code writes and reads. A field may be added within it; what readers don't know, they ignore. */
export const VERSION = 1;

const name = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._:-]{0,63}$/, 'wanted 1 to 64 of A-Z a-z 0-9 . _ : -');

/** Upper case only, so that one message can't have two ids; the first digit keeps it within 128 bits. */
const ulid = z.string().regex(/^[0-7][0-9A-HJKMNP-TV-Z]{25}$/, 'wanted a ULID in upper case');

const instant = z.iso.datetime({ precision: 3 });

const objectKey = z
  .string()
  .min(1)
  .max(512)
  .regex(/^[A-Za-z0-9!_.*'()-][A-Za-z0-9!_.*'()/-]*$/, 'wanted letters, digits and !_.*\'()-, parted by "/"')
  .refine(key => !key.split('/').some(part => part === '' || part === '.' || part === '..'), {
    error: 'wanted no empty, "." or ".." part',
  });

const contentType = z
  .string()
  .max(127)
  .regex(
    /^[\w.+-]+\/[\w.+-]+(\s*;\s*[\w.+-]+=[\w.+,"-]+)*$/,
    'wanted a media type such as audio/webm;codecs=opus',
  );

const sizeBytes = z.int().min(0);

/** Who said it, when and where: the same in every version, so that a failure can be shown in its thread. */
export const envelope = z.object({
  id: ulid.describe('ULID of the message; everything that is made from it is named by it.'),
  thread: name.describe(
    'The thread that it belongs to, and the key of the Pulsar message: order holds within it.',
  ),
  author: name.describe('Who sent it.'),
  createdAt: instant.describe('When it was made, by the clock of its author: RFC 3339, UTC, milliseconds.'),
  traceparent: z
    .string()
    .regex(/^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/, 'wanted a W3C traceparent')
    .optional()
    .describe('W3C trace context.'),
});

const storedObject = z
  .object({
    key: objectKey.describe('Key in the bucket of its kind.'),
    contentType: contentType.describe('What its author says that it is; what counts is what the bytes are.'),
    size: sizeBytes.describe('Bytes.'),
    sha256: z.string().regex(/^[0-9a-f]{64}$/, 'wanted 64 lower-case hex digits'),
  })
  .describe('Where the blob lies (claim check): it never travels on a topic.');

const media = <Kind extends string>(kind: Kind) =>
  envelope.extend({
    v: z.literal(VERSION),
    kind: z.literal(kind),
    object: storedObject,
    replaces: ulid
      .optional()
      .describe('A failed message of the same author and thread that this one is another attempt at.'),
  });

export const audioMessage = media('audio').describe('A spoken message, on the topic `audio`.');
export const imageMessage = media('image').describe('A picture, on the topic `images`.');

const result = envelope.extend({
  v: z.literal(VERSION),
  startedAt: instant.describe('When a service began to work on it.'),
  finishedAt: instant,
});

const seconds = z.number().min(0);

export const transcript = result.extend({
  kind: z.literal('transcript'),
  text: z.string().max(100_000),
  language: z.string().max(64).describe('As the transcription API names it.'),
  duration: seconds.describe('Seconds of audio.'),
  segments: z
    .array(z.object({ start: seconds, end: seconds, text: z.string().max(10_000) }))
    .max(5_000)
    .describe('Times in seconds from the beginning.'),
  waveform: z
    .array(z.int().min(0).max(255))
    .max(256)
    .optional()
    .describe('How loud it is, in slices of equal length; 255 is the loudest.'),
});

const pixels = z.int().min(1);

export const picture = result.extend({
  kind: z.literal('picture'),
  format: z.string().max(16).describe('What the bytes were: jpeg, png, webp, gif or avif.'),
  width: pixels.describe('Of the original, upright.'),
  height: pixels,
  renditions: z
    .array(z.object({ key: objectKey, width: pixels, height: pixels, size: sizeBytes }))
    .max(8)
    .describe('WebP, without metadata, in the bucket of the results.'),
  preview: z
    .string()
    .max(4_096)
    .regex(/^data:image\/webp;base64,/)
    .describe('A blurred thumbnail to show while the rendition loads.'),
});

export const failed = result.extend({
  kind: z.literal('failed'),
  code: z
    .string()
    .regex(/^[A-Z][A-Za-z]{1,63}$/)
    .describe('Why, stable: docs/errors.md.'),
  reason: z.string().max(500).describe('Why, for people.'),
});

export const resultMessage = z
  .discriminatedUnion('kind', [transcript, picture, failed])
  .describe(
    'What became of a message, on the topic `results` and, the same bytes, in the bucket of the results.',
  );

export type Envelope = z.output<typeof envelope>;
export type AudioMessage = z.output<typeof audioMessage>;
export type ImageMessage = z.output<typeof imageMessage>;
export type Transcript = z.output<typeof transcript>;
export type Picture = z.output<typeof picture>;
export type Failed = z.output<typeof failed>;
export type Result = z.output<typeof resultMessage>;
