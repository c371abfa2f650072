import { ServiceError } from '../../errors.js';
import type { JsonApi } from '../../runtime/json-api.js';
import { newPerson, session } from '../api/index.js';
import type { Guard } from '../guard.js';
import { prefixOf } from '../guesses.js';
import type { Parts } from '../parts.js';
import { canCheckPassword, hashPassword } from '../passwords.js';
import type { TokenService } from '../tokens.js';
import { sessionOf } from './session.js';

/** Of one address: whoever makes names by the dozen is no person. */
const NEWCOMERS_PER_MINUTE = 5;

/** POST /api/people: a newcomer makes a name, and is signed in by it. */
export function peopleRoutes(
  api: JsonApi,
  guard: Guard,
  tokens: TokenService,
  parts: () => Parts,
  open: boolean,
): void {
  api.post(
    '/api/people',
    {
      schema: { body: newPerson, response: { 201: session } },
      config: {
        rateLimit: { max: NEWCOMERS_PER_MINUTE, keyGenerator: ({ ip }) => `newcomer ${prefixOf(ip)}` },
      },
    },
    async ({ body: { name, password } }, reply) => {
      if (!open) throw new ServiceError('RegistrationClosed', 'nobody can register here');
      if (!canCheckPassword()) {
        throw new ServiceError('TooManyRequests', 'too many sign in at once', { retryAfterMs: 2_000 });
      }
      const { numInsertedOrUpdatedRows: added } = await parts()
        .db.insertInto('web_users')
        .values({
          name,
          password: await hashPassword(password),
          subject: null,
          created_at: new Date().toISOString(),
        })
        .onConflict(conflict => conflict.doNothing())
        .executeTakeFirstOrThrow();
      if (!added) throw new ServiceError('NameTaken', 'somebody else has this name');
      const issued = await tokens.signIn(name);
      guard.setCookies(reply, issued);
      return reply.status(201).send(sessionOf(issued));
    },
  );
}
