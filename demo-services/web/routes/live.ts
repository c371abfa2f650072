import { z } from 'zod';
import { ServiceError } from '../../errors.js';
import type { JsonApi } from '../../runtime/json-api.js';
import { BEAT_EVERY_MS, position } from '../api/index.js';
import type { Guard } from '../guard.js';
import { eventOf } from '../hub.js';
import type { Parts } from '../parts.js';
import { decodePositions } from '../positions.js';
import { eventStream } from './answers.js';

/** How soon a page comes back whose connection was lost, ms. */
const RECONNECT_MS = 1_000;

/** GET /api/events: what happens in one's threads, while it happens. */
export function liveRoutes(api: JsonApi, guard: Guard, parts: () => Parts): void {
  api.get(
    '/api/events',
    {
      onRequest: guard.signedIn,
      schema: {
        querystring: z.object({ after: position.optional() }),
        headers: z.object({ 'last-event-id': position.optional() }),
        response: { 200: eventStream },
      },
    },
    async (request, reply) => {
      const { hub, recent, sessions } = parts();
      const { user, family, expiresAt } = request.access;
      // A page that comes back says so by the header; its address still has where it first began.
      const from = request.headers['last-event-id'] || request.query.after;
      const after = from ? decodePositions(from) : undefined;
      if (from && after === undefined) {
        throw new ServiceError('RequestInvalid', 'the position was not given out by this service');
      }
      if (recent.positions === undefined) {
        throw new ServiceError('NotReady', 'nothing is heard of the log yet', { retryAfterMs: 1_000 });
      }
      if (hub.isFull(user)) {
        throw new ServiceError('TooManyRequests', 'too many pages are open', { retryAfterMs: 60_000 });
      }
      reply.hijack();
      const { raw: response } = reply;
      const page = { user, response };
      const beat = setInterval(() => {
        // Proxies end what is silent, and no page notices by itself that a connection is dead.
        if (!response.writableEnded) response.write(eventOf('beat', {}));
      }, BEAT_EVERY_MS);
      const end = setTimeout(() => response.end(), Math.max(0, expiresAt - Date.now()));
      const unwatch = sessions.watch(family, () => response.end());
      // Whoever does not read what is left for it is cut off.
      response.on('error', () => response.destroy());
      response.on('close', () => {
        clearInterval(beat);
        clearTimeout(end);
        unwatch();
        hub.leave(page);
      });
      response.writeHead(200, {
        'content-type': 'text/event-stream; charset=utf-8',
        'cache-control': 'no-store',
        'x-accel-buffering': 'no',
      });
      response.write(`retry: ${RECONNECT_MS}\n`);
      response.write(eventOf('hello', { user, expiresAt: new Date(expiresAt).toISOString() }));
      // It may have ended before it was watched.
      void sessions.isOpen(family).then(
        open => open || response.end(),
        () => response.end(),
      );
      await hub.join(page, after).catch(() => response.destroy());
      if (response.destroyed) hub.leave(page);
    },
  );
}
