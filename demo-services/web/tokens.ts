import { createHash, randomBytes } from 'node:crypto';
import { jwtVerify, SignJWT } from 'jose';
import type { Kysely, Transaction } from 'kysely';
import { ulid } from 'ulid';
import { ServiceError } from '../errors.js';
import { readKey } from '../runtime/internal-key.js';
import { announce } from './outbox.js';
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
  /** The session that it belongs to. */
  readonly family: string;
  /** ms since 1970 */
  readonly expiresAt: number;
}

export interface Tokens extends Access {
  readonly access: string;
  readonly refresh: string;
  readonly refreshExpiresAt: number;
}

/** Who came by an OpenID provider, in its words; what it says later of them it says in these. */
export interface ProviderSession {
  /** Issuer and subject. */
  readonly subject?: string | undefined;
  /** Issuer and session. */
  readonly session?: string | undefined;
}

export interface TokensProps {
  readonly db: () => Kysely<Tables>;
  readonly keyFile: string;
  /** Whether a session goes on. */
  readonly isOpen: (family: string) => Promise<boolean>;
  /** Called after sessions have ended, and the others will be told. */
  readonly onEnded: (families: readonly string[]) => void;
  /** @default Date.now */
  readonly clock?: () => number;
}

/** Access tokens that say who it is for some minutes, and refresh tokens of which each is used once. */
export function tokensOf({ db, keyFile, isOpen, onEnded, clock = Date.now }: TokensProps) {
  const key = async () => new TextEncoder().encode(await readKey(keyFile));

  async function issue(
    at: Kysely<Tables>,
    session: Pick<Tables['web_refresh'], 'name' | 'family' | 'expires_at' | 'provider_session'>,
  ): Promise<Tokens> {
    const { name: user, family, expires_at: familyEnd, provider_session } = session;
    const refresh = randomBytes(32).toString('base64url');
    await at
      .insertInto('web_refresh')
      .values({
        ...{ hash: hashOf(refresh), family, name: user, expires_at: familyEnd, used_at: null },
        provider_session,
      })
      .execute();
    const expiresAt = Math.min(clock() + ACCESS_MS, familyEnd);
    const access = await new SignJWT({})
      .setProtectedHeader({ alg: 'HS256' })
      .setIssuer(ISSUER)
      .setSubject(user)
      .setJti(family)
      .setExpirationTime(new Date(expiresAt))
      .sign(await key());
    return { user, family, expiresAt, access, refresh, refreshExpiresAt: familyEnd };
  }

  async function read(token: string): Promise<Access> {
    try {
      const { payload } = await jwtVerify(token, await key(), { issuer: ISSUER, algorithms: ['HS256'] });
      const { sub: user = '', jti: family = '', exp = 0 } = payload;
      return { user, family, expiresAt: exp * 1_000 };
    } catch (cause) {
      if (cause instanceof ServiceError) throw cause;
      throw new ServiceError('NotSignedIn', 'sign in first', { cause });
    }
  }

  /** The others are told by the same transaction. */
  async function end(which: (trx: Transaction<Tables>) => Promise<readonly string[]>): Promise<void> {
    const families = await db()
      .transaction()
      .execute(async trx => {
        // In one order: two that end the same sessions at once would wait for each other.
        const found = [...new Set(await which(trx))].sort();
        for (const family of found) {
          // Waits for those who just exchange a token: what they add is deleted as well.
          await trx.updateTable('web_refresh').set({ family }).where('family', '=', family).execute();
          await trx.deleteFrom('web_refresh').where('family', '=', family).execute();
          await announce(trx, family, { kind: 'signed-out', session: family });
        }
        return found;
      });
    if (families.length > 0) onEnded(families);
  }

  return {
    signIn: (user: string, providerSession?: string) =>
      issue(db(), {
        name: user,
        family: ulid(),
        expires_at: clock() + FAMILY_MS,
        provider_session: providerSession ?? null,
      }),

    /** @throws NotSignedIn; a token that was used long ago was stolen from somebody, and ends the whole family */
    refresh: async (token: string): Promise<Tokens> => {
      const now = clock();
      const done = await db()
        .transaction()
        .execute(async trx => {
          // Locks it: who signs out meanwhile ends the next token, too.
          const found = await trx
            .updateTable('web_refresh')
            .set(({ fn, val }) => ({ used_at: fn.coalesce('used_at', val(now)) }))
            .where('hash', '=', hashOf(token))
            .where('expires_at', '>', now)
            .returningAll()
            .executeTakeFirst();
          if (found === undefined) throw notSignedIn();
          const isStolen = now - (found.used_at ?? now) > GRACE_MS;
          return isStolen ? { stolen: found.family } : { issued: await issue(trx, found) };
        });
      if (done.issued !== undefined) return done.issued;
      await end(async () => [done.stolen]);
      throw notSignedIn();
    },

    signOut: async (token: string): Promise<void> => {
      const found = await db()
        .selectFrom('web_refresh')
        .select('family')
        .where('hash', '=', hashOf(token))
        .executeTakeFirst();
      if (found) await end(async () => [found.family]);
    },

    /**
     * The one session that the provider names, or all of the person, where it names no session. A session of the person
     * of which nobody has told its name may be the one, and ends too.
     */
    signOutByProvider: ({ subject, session }: ProviderSession): Promise<void> =>
      end(async trx => {
        if (session === undefined && subject === undefined) return [];
        const rows = await trx
          .selectFrom('web_refresh')
          .select('family')
          .distinct()
          .$if(session !== undefined, query =>
            query.where(({ eb, or }) =>
              or([
                eb('provider_session', '=', session ?? ''),
                ...(subject === undefined ? [] : [eb('provider_session', 'is', null)]),
              ]),
            ),
          )
          .$if(subject !== undefined, query =>
            query.where('name', 'in', of =>
              of
                .selectFrom('web_users')
                .select('web_users.name')
                .where('subject', '=', subject ?? ''),
            ),
          )
          .execute();
        return rows.map(({ family }) => family);
      }),

    /** @throws NotSignedIn */
    verify: async (token: string | undefined): Promise<Access> => {
      if (token === undefined || token === '') throw notSignedIn();
      const access = await read(token);
      if (!(await isOpen(access.family))) throw notSignedIn();
      return access;
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
