import type { FastifyReply, FastifyRequest } from 'fastify';
import { ServiceError } from '../../errors.js';
import type { JsonApi } from '../../runtime/json-api.js';
import {
  credentials,
  type Session,
  type SignedOut,
  session,
  signedOut,
  type WaysIn,
  waysIn,
} from '../api/index.js';
import type { Guard } from '../guard.js';
import { guessesOf } from '../guesses.js';
import type { Parts } from '../parts.js';
import { canCheckPassword, isPassword } from '../passwords.js';
import type { Access, TokenService } from '../tokens.js';
import { done } from './answers.js';

export function sessionRoutes(
  api: JsonApi,
  guard: Guard,
  tokens: TokenService,
  parts: () => Parts,
  ways: WaysIn,
  leaveProvider: (request: FastifyRequest, reply: FastifyReply) => Promise<string | undefined>,
): void {
  api.get('/api/session/ways', { schema: { response: { 200: waysIn } } }, () => ways);

  const guesses = guessesOf();
  api.post(
    '/api/session',
    // Before somebody is known `guesses` counts, and the limit of the address.
    { schema: { body: credentials, response: { 200: session } }, config: { rateLimit: false } },
    async ({ body, ip }, reply) => {
      if (!ways.password) {
        throw new ServiceError('SignInRefused', 'nobody signs in by a password here');
      }
      const { db } = parts();
      const { waitMs, isFirst, right, never } = guesses.begin(body.name, ip);
      if (waitMs > 0) {
        throw new ServiceError('TooManyRequests', 'too many tries to sign in', { retryAfterMs: waitMs });
      }
      if (!canCheckPassword(isFirst)) {
        never();
        throw new ServiceError('TooManyRequests', 'too many sign in at once', { retryAfterMs: 2_000 });
      }
      const user = await db
        .selectFrom('web_users')
        .select(['name', 'password'])
        .where('name', '=', body.name)
        .executeTakeFirst()
        .catch(error => {
          never();
          throw error;
        });
      if (!(await isPassword(body.password, user?.password, isFirst)) || user === undefined) {
        throw new ServiceError('SignInRefused', 'name and password do not belong together');
      }
      right();
      const issued = await tokens.signIn(user.name);
      guard.setCookies(reply, issued);
      return sessionOf(issued);
    },
  );

  api.get(
    '/api/session',
    { onRequest: guard.signedIn, schema: { response: { 200: session } } },
    ({ access }) => sessionOf(access),
  );

  const again = { schema: { response: { 200: session } } };
  api.post('/api/session/refresh', again, async (request, reply) => {
    parts();
    const issued = await tokens.refresh(guard.refreshToken(request)).catch(error => {
      if (error instanceof ServiceError && error.code === 'NotSignedIn') guard.clearCookies(reply);
      throw error;
    });
    guard.setCookies(reply, issued);
    return sessionOf(issued);
  });

  const ended = { schema: { response: { 200: signedOut, 204: done } } };
  api.delete('/api/session', ended, async (request, reply) => {
    parts();
    await tokens.signOut(guard.refreshToken(request));
    guard.clearCookies(reply);
    const provider = await leaveProvider(request, reply);
    if (provider === undefined) return reply.status(204).send();
    return { provider } satisfies SignedOut;
  });
}

export function sessionOf({ user, expiresAt }: Access): Session {
  return { user, expiresAt: new Date(expiresAt).toISOString() };
}
