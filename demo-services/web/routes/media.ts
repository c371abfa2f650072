import { z } from 'zod';
import { ServiceError } from '../../errors.js';
import type { JsonApi } from '../../runtime/json-api.js';
import { name, ulid } from '../api/index.js';
import type { Guard } from '../guard.js';
import type { Parts } from '../parts.js';
import { leadsOn } from './answers.js';

const GET_SECONDS = 300;
/** Less than the URL behind it lasts. */
const CACHE = `private, max-age=${GET_SECONDS - 60}`;
const params = z.object({ thread: name, id: ulid });
const width = z.coerce.number().int().min(1).max(10_000).default(1_024);

/** Recordings and pictures, by URLs of the object store that are good for some minutes. */
export function mediaRoutes(api: JsonApi, guard: Guard, parts: () => Parts): void {
  const inside = { onRequest: guard.signedIn, preHandler: guard.member };

  api.get(
    '/api/threads/:thread/messages/:id/media',
    { ...inside, schema: { params, response: { 302: leadsOn } } },
    async ({ params: at }, reply) => {
      const { buckets } = parts();
      const { message } = await entryAt(parts(), at);
      if (message === undefined) throw nothing();
      const bucket = message.kind === 'audio' ? buckets.audio : buckets.images;
      const url = await bucket.presignGet(message.object.key, { expiresSeconds: GET_SECONDS });
      return reply.header('cache-control', CACHE).redirect(url);
    },
  );

  api.get(
    '/api/threads/:thread/messages/:id/picture',
    { ...inside, schema: { params, querystring: z.object({ width }), response: { 302: leadsOn } } },
    async ({ params: at, query }, reply) => {
      const { result } = await entryAt(parts(), at);
      if (result?.kind !== 'picture') throw nothing();
      const sizes = [...result.renditions].sort((a, b) => a.width - b.width);
      const fit = sizes.find(rendition => rendition.width >= query.width) ?? sizes.at(-1);
      if (fit === undefined) throw nothing();
      const url = await parts().buckets.results.presignGet(fit.key, { expiresSeconds: GET_SECONDS });
      return reply.header('cache-control', CACHE).redirect(url);
    },
  );
}

/** By its id alone anybody could ask for it: it must be of the thread whose member asks. */
async function entryAt({ view }: Parts, { thread, id }: z.output<typeof params>) {
  const entry = await view.entry(id);
  if (entry?.thread !== thread) throw nothing();
  return entry;
}

function nothing(): ServiceError {
  return new ServiceError('NotFound', 'there is no such message, or not for you');
}
