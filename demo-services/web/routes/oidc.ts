import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { ServiceError } from '../../errors.js';
import type { JsonApi } from '../../runtime/json-api.js';
import { errorFields, type Log } from '../../runtime/log.js';
import { type Problem, problem, routes } from '../api/index.js';
import type { Guard } from '../guard.js';
import { type Leaving, OIDC_CALLBACK, OIDC_ENDED, type Oidc, userOf } from '../oidc.js';
import type { Parts } from '../parts.js';
import type { TokenService } from '../tokens.js';
import { done, leadsOn } from './answers.js';

/** `Lax`: it must come along when the provider sends the browser back. `__Host-`: no other host can have set it. */
const COOKIE = '__Host-oidc';
const COMMON = { httpOnly: true, secure: true, sameSite: 'lax', path: '/' } as const;
/** Sent to where the session is ended. A browser that finds it too large leaves it out: then the provider asks. */
const ID_TOKEN = '__Secure-id-token';
const ENDING = { httpOnly: true, secure: true, sameSite: 'strict', path: routes.session } as const;
const LASTS_SECONDS = 600;
const ARRIVALS_PER_MINUTE = 60;
/** All come from the provider. */
const ENDINGS_PER_MINUTE = 6_000;
const MAX_LOGOUT_BYTES = 16 * 1024;
const leavingSchema = z.object({ state: z.string(), nonce: z.string(), verifier: z.string() });

export interface OidcRoutesProps {
  readonly oidc: Oidc | undefined;
  readonly publicUrl: string;
  readonly log: Log;
}

/** Signing in by an OpenID provider: there and back. Where none is configured these pages do not exist. */
export function oidcRoutes(
  api: JsonApi,
  guard: Guard,
  tokens: TokenService,
  parts: () => Parts,
  { oidc, publicUrl, log }: OidcRoutesProps,
): void {
  const provider = () => {
    if (oidc === undefined) throw new ServiceError('NotFound', 'there is no such page');
    return oidc;
  };
  const limited = {
    config: { rateLimit: { max: ARRIVALS_PER_MINUTE } },
    preSerialization: backToTheDoor,
    schema: { response: { 302: leadsOn } },
  };

  api.get(routes.oidc, limited, async (_, reply) => {
    const { url, leaving } = await provider().leave();
    remember(reply, leaving);
    return reply.redirect(url);
  });

  api.get(OIDC_CALLBACK, limited, async (request, reply) => {
    reply.clearCookie(COOKIE, COMMON);
    // Not by the Host header: what the provider was told is what counts.
    const arrived = await provider().arrive(
      new URL(request.url, publicUrl),
      leavingIn(request.cookies[COOKIE]),
    );
    const issued = await tokens.signIn(await userOf(parts().db, arrived), arrived.session);
    guard.setCookies(reply, issued);
    if (arrived.idToken !== undefined) {
      reply.setCookie(ID_TOKEN, arrived.idToken, { ...ENDING, expires: new Date(issued.refreshExpiresAt) });
    }
    return reply.redirect('/');
  });

  // In a scope of its own: forms of other sites are read nowhere else.
  void api.register(async scope => {
    scope.addContentTypeParser(
      'application/x-www-form-urlencoded',
      { parseAs: 'string', bodyLimit: MAX_LOGOUT_BYTES },
      (_, body, done) => done(null, Object.fromEntries(new URLSearchParams(String(body)))),
    );
    scope.withTypeProvider<ZodTypeProvider>().post(
      OIDC_ENDED,
      {
        config: { fromServers: true, rateLimit: { max: ENDINGS_PER_MINUTE } },
        schema: { body: z.object({ logout_token: z.string() }), response: { 200: done, 400: problem } },
      },
      async ({ body }, reply) => {
        parts();
        reply.header('cache-control', 'no-store');
        try {
          await tokens.signOutByProvider(await provider().ended(body.logout_token));
        } catch (error) {
          if (!(error instanceof ServiceError && error.code === 'OidcRefused')) throw error;
          log.info('logout token refused', errorFields(error));
          // The protocol wants this status.
          return reply.status(400).send({ code: error.code, message: error.message } satisfies Problem);
        }
        return reply.status(200).send();
      },
    );
  });
}

/**
 * Signs out at the provider too, where it lets us.
 *
 * @returns where the browser has to go for it
 */
export async function leaveProvider(
  request: FastifyRequest,
  reply: FastifyReply,
  oidc: Oidc | undefined,
  log: Log,
): Promise<string | undefined> {
  reply.clearCookie(ID_TOKEN, ENDING);
  return oidc?.end(request.cookies[ID_TOKEN]).catch(error => {
    // Here it has ended, whatever happens there.
    log.warn('the session at the provider goes on', errorFields(error));
    return undefined;
  });
}

/** People come here by a link, and by the provider: what is refused they read at the door, not as JSON. */
async function backToTheDoor(
  request: FastifyRequest,
  reply: FastifyReply,
  answer: unknown,
): Promise<unknown> {
  const { code } = (answer ?? {}) as Partial<Problem>;
  if (code !== undefined && request.headers.accept?.includes('text/html')) {
    reply.status(302).header('location', routes.refused(code));
  }
  return answer;
}

function remember(reply: FastifyReply, leaving: Leaving): void {
  const value = Buffer.from(JSON.stringify(leaving)).toString('base64url');
  reply.setCookie(COOKIE, value, { ...COMMON, maxAge: LASTS_SECONDS });
}

function leavingIn(cookie: string | undefined): Leaving | undefined {
  try {
    return leavingSchema.parse(JSON.parse(Buffer.from(cookie ?? '', 'base64url').toString()));
  } catch {
    return undefined;
  }
}
