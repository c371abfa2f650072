import type { Server } from 'node:https';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { keyGuard } from '../runtime/internal-key.js';
import { jsonApi } from '../runtime/json-api.js';
import type { Log } from '../runtime/log.js';
import type { Rebuilt } from './rebuild.js';
import { MAX_THREADS_ASKED, type View } from './view.js';

export interface ApiProps {
  /** @throws NotReady before there is one */
  readonly view: () => View;
  /** @throws NotReady, RebuildRunning, RebuildOvertaken */
  readonly rebuild: (force: boolean) => Promise<Rebuilt>;
  /** File of the key that callers must have. */
  readonly internalKeyFile: string;
  readonly log: Log;
}

const id = z.string().max(64);
const threads = z.array(id).max(MAX_THREADS_ASKED);
const limit = z.int().min(1).max(200);

/** What the front door asks. Who may see what is decided there: this is for services that have the key. */
export function viewApi(
  app: FastifyInstance<Server>,
  { view, rebuild, internalKeyFile, log }: ApiProps,
): void {
  const api = jsonApi(app, {
    log,
    statuses: { NotSignedIn: 401, NotFound: 404, RebuildRunning: 409, RebuildOvertaken: 409 },
  });
  const guarded = { onRequest: keyGuard(internalKeyFile) };

  api.get('/view/positions', guarded, () => view().positions());

  api.post(
    '/view/page',
    {
      ...guarded,
      schema: {
        body: z.object({
          thread: id,
          cursor: z.discriminatedUnion('at', [
            z.object({ at: z.literal('newest') }),
            z.object({ at: z.enum(['before', 'after', 'around']), id }),
          ]),
          limit,
        }),
      },
    },
    ({ body: { thread, cursor, limit: most } }) => view().page(thread, cursor, most),
  );

  api.post('/view/newest', { ...guarded, schema: { body: z.object({ threads }) } }, ({ body }) =>
    view().newest(body.threads),
  );

  api.post('/view/entry', { ...guarded, schema: { body: z.object({ id }) } }, async ({ body }) => ({
    entry: (await view().entry(body.id)) ?? null,
  }));

  api.post(
    '/view/search',
    {
      ...guarded,
      schema: { body: z.object({ threads, query: z.string().max(500), limit, before: id.optional() }) },
    },
    ({ body }) => view().search(body.threads, body.query, body.limit, body.before),
  );

  api.post(
    '/view/rebuild',
    { ...guarded, schema: { body: z.object({ force: z.boolean().default(false) }) } },
    ({ body }) => rebuild(body.force),
  );
}
