import { createHash, randomBytes } from 'node:crypto';
import { jwtVerify, SignJWT } from 'jose';
import type { Kysely } from 'kysely';
import { ulid } from 'ulid';
import { ServiceError } from '../errors.js';
import { readKey } from '../runtime/internal-key.js';
import type { Tables } from './tables.js';

/** How long somebody may act without asking anew, ms. */
export const ACCESS_MS = 10 * 60_000;
/** How long a sign-in lasts, ms. */
export const FAMILY_MS = 30 * 24 * 3_600_000;
/** Pages refresh in parallel, and answers get lost: for so long a used token still counts, ms. */
export const GRACE_MS = 60_000;
const ISSUER = 'voice-chat';

export interface Access {
  readonly user: string;
  /** ms since 1970 */
  readonly expiresAt: number;
}

export interface Tokens extends Access {
  readonly access: string;
  readonly refresh: string;
  readonly refreshExpiresAt: number;
}

/** Access tokens that say who it is for some minutes, and refresh tokens of which each is used once. */
export function tokensOf(db: () => Kysely<Tables>, keyFile: string, clock: () => number = Date.now) {
  const key = async () => new TextEncoder().encode(await readKey(keyFile));

  async function issue(user: string, family: string, familyEnd: number): Promise<Tokens> {
    const refresh = randomBytes(32).toString('base64url');
    await db()
      .insertInto('web_refresh')
      .values({ hash: hashOf(refresh), family, name: user, expires_at: familyEnd, used_at: null })
      .execute();
    const expiresAt = Math.min(clock() + ACCESS_MS, familyEnd);
    const access = await new SignJWT({})
      .setProtectedHeader({ alg: 'HS256' })
      .setIssuer(ISSUER)
      .setSubject(user)
      .setExpirationTime(new Date(expiresAt))
      .sign(await key());
    return { user, expiresAt, access, refresh, refreshExpiresAt: familyEnd };
  }

  return {
    signIn: (user: string) => issue(user, ulid(), clock() + FAMILY_MS),

    /** @throws NotSignedIn; a token that was used long ago was stolen from somebody, and ends the whole family */
    refresh: async (token: string): Promise<Tokens> => {
      const hash = hashOf(token);
      const now = clock();
      const used = await db()
        .updateTable('web_refresh')
        .set({ used_at: now })
        .where('hash', '=', hash)
        .where('used_at', 'is', null)
        .where('expires_at', '>', now)
        .returningAll()
        .executeTakeFirst();
      const found =
        used ??
        (await db().selectFrom('web_refresh').selectAll().where('hash', '=', hash).executeTakeFirst());
      if (found === undefined || found.expires_at <= now) throw notSignedIn();
      if (used === undefined && now - (found.used_at ?? now) > GRACE_MS) {
        await db().deleteFrom('web_refresh').where('family', '=', found.family).execute();
        throw notSignedIn();
      }
      return issue(found.name, found.family, found.expires_at);
    },

    signOut: async (token: string): Promise<void> => {
      const found = await db()
        .selectFrom('web_refresh')
        .select('family')
        .where('hash', '=', hashOf(token))
        .executeTakeFirst();
      if (found) await db().deleteFrom('web_refresh').where('family', '=', found.family).execute();
    },

    /** @throws NotSignedIn */
    verify: async (token: string | undefined): Promise<Access> => {
      if (token === undefined || token === '') throw notSignedIn();
      try {
        const { payload } = await jwtVerify(token, await key(), { issuer: ISSUER, algorithms: ['HS256'] });
        return { user: payload.sub ?? '', expiresAt: (payload.exp ?? 0) * 1_000 };
      } catch (cause) {
        if (cause instanceof ServiceError) throw cause;
        throw new ServiceError('NotSignedIn', 'sign in first', { cause });
      }
    },
  };
}

export type TokenService = ReturnType<typeof tokensOf>;

function notSignedIn(): ServiceError {
  return new ServiceError('NotSignedIn', 'sign in first');
}

function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
