import { z } from 'zod';
import { name, ulid } from './names.js';
import { audioType } from './sending.js';

/**
 * WebSocket /stream?thread=…: speech to captions while it is spoken. The client sends `begin`, then the chunks of its
 * recorder as binary frames, then `end`. The server answers each chunk by `taken`; no more than STREAM_WINDOW_BYTES may
 * be on their way untaken: while the engine is behind, the server reads no more. After `end` comes `stored` with the
 * upload that the message then names (POST …/messages, as after an upload of one's own), and `final` when the engine
 * answers; then the server closes. Nobody needs to wait for `final`: the transcript comes by the live events as for
 * every message. When the connection breaks before `stored`, or `failed` comes, nothing is lost that the page still
 * has: it uploads the whole recording itself.
 */
export const streamQuery = z.object({ thread: name });

export const STREAM_MAX_BYTES = 8 * 1024 * 1024;
/** How long a client may be silent: pings of the protocol do not count. */
export const STREAM_IDLE_SECONDS = 30;

export const streamUp = z.discriminatedUnion('type', [
  z.object({ type: z.literal('begin'), contentType: audioType }),
  z.object({ type: z.literal('end') }),
]);

export const streamDown = z.discriminatedUnion('type', [
  /** Bytes taken so far. */
  z.object({ type: z.literal('taken'), bytes: z.int().min(0) }),
  /** All that is understood so far; takes the place of the one before. */
  z.object({ type: z.literal('partial'), text: z.string(), seconds: z.number() }),
  /** The same for the whole recording. */
  z.object({ type: z.literal('final'), text: z.string(), seconds: z.number() }),
  z.object({ type: z.literal('stored'), upload: ulid, size: z.int(), sha256: z.string() }),
  /** The last frame before the server closes. */
  z.object({ type: z.literal('failed'), code: z.string(), message: z.string() }),
]);

export type StreamUp = z.output<typeof streamUp>;
export type StreamDown = z.output<typeof streamDown>;
