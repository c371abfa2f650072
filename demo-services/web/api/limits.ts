// What page and front door agree upon beyond forms. Without zod: the page's script holds it.

/**
 * Every request that changes something carries this header with this value, and comes from the page itself (Origin):
 * another site's page can send neither.
 */
export const CSRF_HEADER = { name: 'x-requested-with', value: 'voice-chat' } as const;

/** Names a message before it has an id: sent again under the same key it is the same message. */
export const IDEMPOTENCY_HEADER = 'idempotency-key';

export const MAX_AUDIO_BYTES = 25 * 1024 * 1024;
export const MAX_IMAGE_BYTES = 20 * 1024 * 1024;
export const IMAGE_TYPES = ['image/jpeg', 'image/png', 'image/webp', 'image/gif', 'image/avif'] as const;

/** How short the password of a new person may be. */
export const MIN_PASSWORD = 12;

/** Say so every 4 seconds while recording; it counts for 6. */
export const RECORDING_EVERY_MS = 4_000;
export const RECORDING_LASTS_MS = 6_000;

/** How often the live events say that they still come; a page that hears nothing for longer opens them anew. */
export const BEAT_EVERY_MS = 15_000;

/** What may be on its way to /stream untaken. */
export const STREAM_WINDOW_BYTES = 512 * 1024;
/** How long a recording may be. */
export const STREAM_MAX_SECONDS = 300;

/** Threads that one may belong to. */
export const MAX_THREADS = 2_000;
