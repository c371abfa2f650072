import type { FastifyReply, FastifyRequest } from 'fastify';
import { ServiceError } from '../../errors.js';
import type { JsonApi } from '../../runtime/json-api.js';
import { credentials, type Session, type SignedOut, type WaysIn } from '../api/index.js';
import type { Guard } from '../guard.js';
import type { Parts } from '../parts.js';
import { canCheckPassword, isPassword } from '../passwords.js';
import type { Access, TokenService } from '../tokens.js';

const SIGN_INS_PER_MINUTE = 10;
/** A whole office may be behind one address. */
const SIGN_INS_PER_MINUTE_AND_ADDRESS = 120;
/** From wherever: whoever guesses from many addresses gets no further by it. */
const SIGN_INS_PER_MINUTE_AND_NAME = 60;

export function sessionRoutes(
  api: JsonApi,
  guard: Guard,
  tokens: TokenService,
  parts: () => Parts,
  ways: WaysIn,
  leaveProvider: (request: FastifyRequest, reply: FastifyReply) => Promise<string | undefined>,
): void {
  api.get('/api/session/ways', () => ways);

  const ofAddress = api.createRateLimit({
    max: SIGN_INS_PER_MINUTE_AND_ADDRESS,
    timeWindow: 60_000,
    keyGenerator: ({ ip }) => ip,
  });
  const ofName = api.createRateLimit({
    max: SIGN_INS_PER_MINUTE_AND_NAME,
    timeWindow: 60_000,
    keyGenerator: ({ body }) => nameIn(body),
  });

  api.post(
    '/api/session',
    {
      schema: { body: credentials },
      config: {
        rateLimit: {
          max: SIGN_INS_PER_MINUTE,
          keyGenerator: ({ ip, body }) => `${ip} ${nameIn(body)}`,
        },
      },
    },
    async (request, reply) => {
      const { body } = request;
      if (!ways.password) {
        throw new ServiceError('SignInRefused', 'nobody signs in by a password here');
      }
      for (const limit of [ofAddress, ofName]) {
        const tries = await limit(request);
        if (tries.isAllowed || !tries.isExceeded) continue;
        throw new ServiceError('TooManyRequests', 'too many tries to sign in', { retryAfterMs: tries.ttl });
      }
      if (!canCheckPassword()) {
        throw new ServiceError('TooManyRequests', 'too many sign in at once', { retryAfterMs: 2_000 });
      }
      const user = await parts()
        .db.selectFrom('web_users')
        .select(['name', 'password'])
        .where('name', '=', body.name)
        .executeTakeFirst();
      if (!(await isPassword(body.password, user?.password)) || user === undefined) {
        throw new ServiceError('SignInRefused', 'name and password do not belong together');
      }
      const issued = await tokens.signIn(user.name);
      guard.setCookies(reply, issued);
      return sessionOf(issued);
    },
  );

  api.get('/api/session', { onRequest: guard.signedIn }, ({ access }) => sessionOf(access));

  api.post('/api/session/refresh', async (request, reply) => {
    parts();
    const issued = await tokens.refresh(guard.refreshToken(request)).catch(error => {
      if (error instanceof ServiceError && error.code === 'NotSignedIn') guard.clearCookies(reply);
      throw error;
    });
    guard.setCookies(reply, issued);
    return sessionOf(issued);
  });

  api.delete('/api/session', async (request, reply) => {
    parts();
    await tokens.signOut(guard.refreshToken(request));
    guard.clearCookies(reply);
    const provider = await leaveProvider(request, reply);
    if (provider === undefined) return reply.status(204).send();
    return { provider } satisfies SignedOut;
  });
}

function nameIn(body: unknown): string {
  return credentials.safeParse(body).data?.name ?? '';
}

export function sessionOf({ user, expiresAt }: Access): Session {
  return { user, expiresAt: new Date(expiresAt).toISOString() };
}
