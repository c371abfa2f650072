import { z } from 'zod';
import { databaseEnv } from '../database/index.js';
import { messagingEnv } from '../messaging/index.js';
import { storeEnv, variable } from '../runtime/env.js';

export const webEnv = messagingEnv
  .extend(databaseEnv.shape)
  .extend(storeEnv.shape)
  .extend({
    TOPIC_AUDIO: variable.text,
    TOPIC_IMAGES: variable.text,
    TOPIC_RESULTS: variable.text,
    TOPIC_AUDIO_DEAD_LETTERS: variable.text,
    TOPIC_IMAGES_DEAD_LETTERS: variable.text,
    TOPIC_SIGNALS: variable.text,
    BUCKET_AUDIO: variable.text,
    BUCKET_IMAGES: variable.text,
    BUCKET_RESULTS: variable.text,
    /** Origin under which people open the page: requests that change something come from there. */
    PUBLIC_URL: variable.url,
    THREAD_URL: variable.url,
    /** Key of the thread service. */
    INTERNAL_KEY_FILE: variable.file,
    /** Key that signs access tokens, 32 random bytes or more. */
    SESSION_KEY_FILE: variable.file,
    /** JSON of people and threads that there are from the beginning, for trying it out. */
    SEED_FILE: variable.file.optional(),
    /** Whether strangers may make a name for themselves. */
    REGISTRATION: z.enum(['open', 'closed']).default('closed'),
    /** Folder of the built page. @default - beside the program */
    PAGE_FOLDER: variable.file.optional(),
    /** Requests that one person may make in a minute. */
    REQUESTS_PER_MINUTE: variable.whole(1, 1_000_000).default(600),
    /** Threads that one person may begin in a day. */
    THREADS_PER_DAY: variable.whole(1, 1_000_000).default(100),
    /** Live pages of one person on one process. */
    PAGES_PER_PERSON: variable.whole(1, 10_000).default(20),
    /** OpenID provider: with one there are no passwords. */
    OIDC_ISSUER: z.url({ protocol: /^https$/, error: 'wanted https' }).optional(),
    OIDC_CLIENT_ID: variable.text.optional(),
    /** Unset: a public client, held by PKCE alone. */
    OIDC_CLIENT_SECRET_FILE: variable.file.optional(),
    /** Roots that sign the provider's certificate. Unset: the public ones. */
    OIDC_TRUST_FILE: variable.file.optional(),
    /** What the button says. */
    OIDC_LABEL: variable.text.default('Single sign-on'),
    /** Recordings that are captioned at a time while they are made. 0: none ever is. */
    CAPTIONS_AT_ONCE: variable.whole(0, 64).default(2),
    OPENAI_BASE_URL: variable.url.default('https://api.openai.com/v1'),
    OPENAI_API_KEY_FILE: variable.file.optional(),
    OPENAI_MODEL: variable.text.default('whisper-1'),
    OPENAI_TRUST_FILE: variable.file.optional(),
  });

export type WebEnv = z.output<typeof webEnv>;
