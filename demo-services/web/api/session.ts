import { z } from 'zod';
import { MIN_PASSWORD } from './limits.js';
import { instant, name } from './names.js';

/** What a person types to sign in. */
export const credentials = z.object({ name, password: z.string().min(1).max(256) });
export type Credentials = z.output<typeof credentials>;

/** What a newcomer types. */
export const newPerson = z.object({ name, password: z.string().min(MIN_PASSWORD).max(256) });
export type NewPerson = z.output<typeof newPerson>;

/** Who is signed in. The tokens are in cookies that no script can read. */
export const session = z.object({
  user: name,
  /** When the access token ends. Refresh before: POST /api/session/refresh. */
  expiresAt: instant,
});
export type Session = z.output<typeof session>;

/** The answer to signing out where the session at the OpenID provider can end too: the page goes there. */
export const signedOut = z.object({ provider: z.url() });
export type SignedOut = z.output<typeof signedOut>;

/** How one can sign in here. */
export const waysIn = z.object({
  password: z.boolean(),
  /** Whether a newcomer may make a name: POST /api/people. */
  register: z.boolean(),
  /** Set when an OpenID provider is configured: follow GET /api/session/oidc as a link. */
  oidc: z.object({ label: z.string() }).optional(),
});
export type WaysIn = z.output<typeof waysIn>;
