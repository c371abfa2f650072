import { readFile } from 'node:fs/promises';
import { createRemoteJWKSet, customFetch, errors, type JWTVerifyGetKey, jwtVerify } from 'jose';
import type { Kysely } from 'kysely';
import * as client from 'openid-client';
import { fetch as dial } from 'undici';
import { z } from 'zod';
import { ServiceError } from '../errors.js';
import { fetchDispatcher } from '../runtime/trust.js';
import type { WebEnv } from './env.js';
import type { Tables } from './tables.js';
import type { ProviderSession } from './tokens.js';

/** What a browser keeps between leaving for the provider and coming back. */
export interface Leaving {
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
}

export interface Oidc {
  readonly label: string;
  /** Where the browser goes, and what it must bring back. @throws OidcUnavailable */
  leave(): Promise<{ readonly url: string; readonly leaving: Leaving }>;
  /**
   * Who came back.
   *
   * @param url as the browser was sent to it
   * @throws OidcRefused, OidcUnavailable
   */
  arrive(url: URL, leaving: Leaving | undefined): Promise<Arrived>;
  /**
   * Where the session at the provider ends too, and from where it sends the browser back; undefined where the provider
   * announces no such place.
   *
   * @param idToken of the sign-in: with it most providers need not ask whether it is meant so
   * @throws OidcUnavailable
   */
  end(idToken: string | undefined): Promise<string | undefined>;
  /**
   * Whose session has ended at the provider, as it tells behind the browser's back (OpenID Connect Back-Channel Logout).
   *
   * @throws OidcRefused, OidcUnavailable
   */
  ended(logoutToken: string): Promise<ProviderSession>;
}

export interface Arrived {
  /** Issuer and subject: the only thing that says who it is. */
  readonly subject: string;
  /** Issuer and session, where the provider names it. */
  readonly session: string | undefined;
  /** What tells the provider later which of its sessions is to end. */
  readonly idToken: string | undefined;
  /** What they would like to be called; asked only for whoever is new. */
  readonly wishedName: () => Promise<string>;
}

export const OIDC_CALLBACK = '/api/session/oidc/callback';
export const OIDC_ENDED = '/api/session/oidc/ended';
const SCOPE = 'openid profile';
/** The provider is asked again for its addresses, and the file for the secret, after this time, ms. */
const FRESH_MS = 10 * 60_000;

/** The provider of the settings: authorization code with PKCE, state and nonce; tokens travel behind the browser's back. */
export function oidcOf(env: WebEnv): Oidc | undefined {
  const { OIDC_ISSUER: issuer, OIDC_CLIENT_ID: clientId } = env;
  if (issuer === undefined) return undefined;
  if (clientId === undefined) {
    throw new ServiceError('EnvironmentInvalid', 'the environment has mistakes: OIDC_CLIENT_ID is not set');
  }
  const redirect = new URL(OIDC_CALLBACK, env.PUBLIC_URL).href;
  const provider = fresh(() => discover(env, issuer, clientId));
  return {
    label: env.OIDC_LABEL,
    leave: async () => {
      const { config } = await provider();
      const leaving = {
        state: client.randomState(),
        nonce: client.randomNonce(),
        verifier: client.randomPKCECodeVerifier(),
      };
      const url = client.buildAuthorizationUrl(config, {
        redirect_uri: redirect,
        scope: SCOPE,
        code_challenge: await client.calculatePKCECodeChallenge(leaving.verifier),
        code_challenge_method: 'S256',
        state: leaving.state,
        nonce: leaving.nonce,
      });
      return { url: url.href, leaving };
    },
    arrive: async (url, leaving) => {
      if (leaving === undefined) throw refused('no sign-in was begun in this browser, or too long ago');
      const { config } = await provider();
      try {
        const tokens = await client.authorizationCodeGrant(config, url, {
          pkceCodeVerifier: leaving.verifier,
          expectedState: leaving.state,
          expectedNonce: leaving.nonce,
          idTokenExpected: true,
        });
        const claims = tokens.claims();
        if (claims === undefined) throw refused('the provider does not say who it is');
        return {
          subject: `${claims.iss} ${claims.sub}`,
          session: typeof claims['sid'] === 'string' ? `${claims.iss} ${claims['sid']}` : undefined,
          idToken: tokens.id_token,
          wishedName: async () =>
            nameIn(claims) ??
            nameIn(await client.fetchUserInfo(config, tokens.access_token, claims.sub).catch(() => ({}))) ??
            'somebody',
        };
      } catch (cause) {
        if (cause instanceof ServiceError) throw cause;
        throw refused(cause instanceof Error ? cause.name : typeof cause, cause);
      }
    },
    end: async idToken => {
      const { config } = await provider();
      if (config.serverMetadata().end_session_endpoint === undefined) return undefined;
      return client.buildEndSessionUrl(config, {
        post_logout_redirect_uri: new URL('/', env.PUBLIC_URL).href,
        ...(idToken && { id_token_hint: idToken }),
      }).href;
    },
    ended: async logoutToken => {
      const { config, keys } = await provider();
      const { issuer: iss } = config.serverMetadata();
      if (keys === undefined) throw refused('the provider announces no keys');
      try {
        const { payload } = await jwtVerify(logoutToken, keys, {
          ...{ issuer: iss, audience: clientId, algorithms: SIGNED_BY },
          ...{ maxTokenAge: LOGOUT_TOKEN_AGE, clockTolerance: CLOCKS_APART },
        });
        const { sub, sid } = logoutClaims.parse(payload);
        return {
          ...(sub !== undefined && { subject: `${iss} ${sub}` }),
          ...(sid !== undefined && { session: `${iss} ${sid}` }),
        };
      } catch (cause) {
        if (cause instanceof ServiceError) throw cause;
        throw refused(cause instanceof Error ? cause.name : typeof cause, cause);
      }
    },
  };
}

const EVENT = 'http://schemas.openid.net/event/backchannel-logout';
/** A token that comes again within this time ends what has ended. */
const LOGOUT_TOKEN_AGE = '2 minutes';
/** As for ID tokens: the clock of the provider may be ahead. */
const CLOCKS_APART = '30 seconds';
/** By a key that only the provider has. */
const SIGNED_BY = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA'];
/** With a nonce it would be an ID token, which the browser has, too. */
const logoutClaims = z
  .object({
    sub: z.string().optional(),
    sid: z.string().optional(),
    events: z.object({ [EVENT]: z.object({}) }),
    nonce: z.undefined().optional(),
  })
  .refine(({ sub, sid }) => sub !== undefined || sid !== undefined);

/** By issuer and subject alone: whoever may choose a name at the provider must not become somebody else here. */
export async function userOf(db: Kysely<Tables>, { subject, wishedName }: Arrived): Promise<string> {
  const known = async () =>
    (await db.selectFrom('web_users').select('name').where('subject', '=', subject).executeTakeFirst())?.name;
  const found = await known();
  if (found !== undefined) return found;
  const wished = await wishedName();
  for (let n = 1; ; n++) {
    const name = n === 1 ? wished : `${wished}-${n}`;
    const added = await db
      .insertInto('web_users')
      .values({ name, password: null, subject, created_at: new Date().toISOString() })
      .onConflict(conflict => conflict.doNothing())
      .returning('name')
      .executeTakeFirst();
    // Taken, or the same person comes over another connection at this moment.
    const now = added?.name ?? (await known());
    if (now !== undefined) return now;
  }
}

interface Provider {
  readonly config: client.Configuration;
  /** What it signs with. Asked again for keys that are not known, at most every half a minute. */
  readonly keys: JWTVerifyGetKey | undefined;
}

async function discover(env: WebEnv, issuer: string, clientId: string): Promise<Provider> {
  const secret = env.OIDC_CLIENT_SECRET_FILE && (await readFile(env.OIDC_CLIENT_SECRET_FILE, 'utf8')).trim();
  const dispatcher = fetchDispatcher(env.OIDC_TRUST_FILE);
  const dialling = (url: string, init: object) =>
    dial(url, Object.assign({}, init, { dispatcher })) as unknown as Promise<Response>;
  try {
    const config = await client.discovery(
      new URL(issuer),
      clientId,
      undefined,
      secret ? client.ClientSecretBasic(secret) : client.None(),
      { [client.customFetch]: dialling },
    );
    const { jwks_uri: at } = config.serverMetadata();
    return {
      config,
      keys:
        at === undefined
          ? undefined
          : keysFrom(createRemoteJWKSet(new URL(at), { [customFetch]: dialling }), at),
    };
  } catch (cause) {
    throw unavailable(issuer, cause);
  }
}

/** Keys that can't be fetched say nothing of the token: the provider may tell again. */
function keysFrom(keys: JWTVerifyGetKey, where: string): JWTVerifyGetKey {
  return async (header, token) => {
    try {
      return await keys(header, token);
    } catch (cause) {
      const ofToken = [errors.JWKSNoMatchingKey, errors.JWKSMultipleMatchingKeys, errors.JOSENotSupported];
      if (ofToken.some(kind => cause instanceof kind)) throw cause;
      throw unavailable(where, cause);
    }
  };
}

function unavailable(where: string, cause: unknown): ServiceError {
  return new ServiceError('OidcUnavailable', 'the OpenID provider does not answer, or not as one', {
    where,
    saw: cause instanceof Error ? cause.name : typeof cause,
    cause,
  });
}

function fresh<Value>(load: () => Promise<Value>): () => Promise<Value> {
  let known: { readonly at: number; readonly value: Promise<Value> } | undefined;
  return () => {
    if (known === undefined || Date.now() - known.at > FRESH_MS) {
      const value = load();
      known = { at: Date.now(), value };
      value.catch(() => {
        known = undefined;
      });
    }
    return known.value;
  };
}

/** Of what the provider says, as much as a name may have; room is left for a number. */
function nameIn(claims: Readonly<Record<string, unknown>>): string | undefined {
  const wishes = [claims['preferred_username'], claims['name']];
  const said = wishes.find(one => typeof one === 'string' && one !== '');
  const name = String(said ?? '')
    .replace(/@.*$/, '')
    .replace(/[^A-Za-z0-9._-]+/g, '-')
    .replace(/^[^A-Za-z0-9]+/, '')
    .slice(0, 50);
  return name === '' ? undefined : name;
}

function refused(saw: string, cause?: unknown): ServiceError {
  return new ServiceError('OidcRefused', 'the sign-in by the OpenID provider did not succeed', {
    saw,
    cause,
  });
}
