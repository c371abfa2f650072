import type { Server } from 'node:https';
import rateLimit from '@fastify/rate-limit';
import websocket from '@fastify/websocket';
import type { FastifyInstance } from 'fastify';
import { ServiceError } from '../errors.js';
import { jsonApi } from '../runtime/json-api.js';
import type { Log } from '../runtime/log.js';
import { OWN_ROUTES } from '../runtime/server.js';
import { STREAM_WINDOW_BYTES } from './api/index.js';
import type { WebEnv } from './env.js';
import type { WebGauges } from './gauges.js';
import { guardOf } from './guard.js';
import { prefixOf } from './guesses.js';
import { oidcOf } from './oidc.js';
import { describeApi } from './openapi.js';
import { headers, pageFiles } from './page.js';
import type { Parts } from './parts.js';
import { liveRoutes } from './routes/live.js';
import { mediaRoutes } from './routes/media.js';
import { leaveProvider, oidcRoutes } from './routes/oidc.js';
import { peopleRoutes } from './routes/people.js';
import { sendingRoutes } from './routes/sending.js';
import { sessionRoutes } from './routes/session.js';
import { streamRoute } from './routes/stream.js';
import { threadRoutes } from './routes/threads.js';
import { tokensOf } from './tokens.js';

export interface FrontDoorProps {
  readonly env: WebEnv;
  readonly log: Log;
  readonly gauges: WebGauges;
  /** @throws NotReady before they are there */
  readonly parts: () => Parts;
}

/** A whole office may be behind one address. */
export const PEOPLE_AT_ONE_ADDRESS = 100;

const STATUSES = {
  NotSignedIn: 401,
  SignInRefused: 401,
  OidcRefused: 401,
  OriginRefused: 403,
  RegistrationClosed: 403,
  NotAllowed: 403,
  NotFound: 404,
  UserUnknown: 404,
  ObjectNotFound: 404,
  NameTaken: 409,
  TooManyThreads: 409,
  IdempotencyConflict: 409,
  UploadMissing: 409,
  RequestTooLarge: 413,
  TooManyRequests: 429,
} as const;

/** Everything that a browser is answered. */
export async function frontDoor(
  app: FastifyInstance<Server>,
  { env, log, gauges, parts }: FrontDoorProps,
): Promise<void> {
  gauges.watch(app);
  const api = jsonApi(app, { log, statuses: STATUSES });
  await headers(app, storeOrigins(env));
  await app.register(rateLimit, {
    max: env.REQUESTS_PER_MINUTE,
    timeWindow: 60_000,
    // Later than `signedIn`: it counts by person, wherever that person comes from.
    hook: 'preHandler',
    // A name may look like an address.
    keyGenerator: ({ access, ip }) => (access ? `person ${access.user}` : `address ${prefixOf(ip)}`),
  });
  await limitAddresses(app, env.REQUESTS_PER_MINUTE * PEOPLE_AT_ONE_ADDRESS);
  const tokens = tokensOf({
    db: () => parts().db,
    keyFile: env.SESSION_KEY_FILE,
    isOpen: family => parts().sessions.isOpen(family),
    onEnded: families => {
      const { sessions, relay } = parts();
      sessions.ended(families);
      relay.wake();
    },
  });
  const guard = await guardOf(app, env.PUBLIC_URL, tokens, () => parts().membership);
  await app.register(websocket, { options: { maxPayload: STREAM_WINDOW_BYTES } });
  await describeApi(app, env.PUBLIC_URL, guard);

  const oidc = oidcOf(env);
  // Whoever signs in elsewhere has no password here, and makes a name there.
  const register = oidc === undefined && env.REGISTRATION === 'open';
  const ways = { password: oidc === undefined, register, ...(oidc && { oidc: { label: oidc.label } }) };
  sessionRoutes(api, guard, tokens, parts, ways, (request, reply) =>
    leaveProvider(request, reply, oidc, log),
  );
  peopleRoutes(api, guard, tokens, parts, register);
  oidcRoutes(api, guard, tokens, parts, { oidc, publicUrl: env.PUBLIC_URL, log });
  threadRoutes(api, guard, parts, env.THREADS_PER_DAY);
  sendingRoutes(api, guard, parts, gauges.sent);
  mediaRoutes(api, guard, parts);
  liveRoutes(api, guard, parts);
  streamRoute(api, guard, parts, log);
  await pageFiles(app, env.PAGE_FOLDER);
}

/** Counts what is refused before anybody is known, and what is not there, as well. */
async function limitAddresses(app: FastifyInstance<Server>, max: number): Promise<void> {
  const ofAddress = app.createRateLimit({ max, timeWindow: 60_000, keyGenerator: ({ ip }) => prefixOf(ip) });
  app.addHook('onRequest', async request => {
    if (OWN_ROUTES.includes(request.routeOptions.url ?? '')) return;
    const asked = await ofAddress(request);
    if (asked.isAllowed || !asked.isExceeded) return;
    throw new ServiceError('TooManyRequests', 'too many requests come from one address', {
      retryAfterMs: asked.ttl,
    });
  });
}

/** Where presigned URLs lead. */
function storeOrigins(env: WebEnv): string[] {
  if (env.AWS_ENDPOINT_URL_S3 !== undefined) return [new URL(env.AWS_ENDPOINT_URL_S3).origin];
  return [env.BUCKET_AUDIO, env.BUCKET_IMAGES, env.BUCKET_RESULTS].flatMap(bucket => [
    `https://${bucket}.s3.${env.AWS_REGION}.amazonaws.com`,
  ]);
}
