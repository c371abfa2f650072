import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { ServiceError } from '../../errors.js';
import type { JsonApi } from '../../runtime/json-api.js';
import { inSpan, type SpanProps } from '../../runtime/span.js';
import {
  type Accepted,
  accepted,
  IDEMPOTENCY_HEADER,
  idempotencyKey,
  name,
  newMessage,
  newUpload,
  recordingSignal,
  type Upload,
  upload,
} from '../api/index.js';
import { entryOf } from '../entries.js';
import type { Guard } from '../guard.js';
import { accept, acceptedBefore, uploadMissing } from '../outbox.js';
import type { Parts } from '../parts.js';
import { addUpload } from '../uploads.js';
import { done } from './answers.js';

const UPLOAD_SECONDS = 900;
const params = z.object({ thread: name });

/** @param sent is told of each message that was new */
export function sendingRoutes(api: JsonApi, guard: Guard, parts: () => Parts, sent: () => void): void {
  const inside = { onRequest: guard.signedIn, preHandler: guard.member };

  api.post(
    '/api/threads/:thread/uploads',
    { ...inside, schema: { params, body: newUpload, response: { 201: upload } } },
    async ({ access, params: { thread }, body }, reply) => {
      const { db, buckets } = parts();
      const { kind, contentType, size, sha256 } = body;
      const { id, object } = await addUpload(db, { thread, author: access.user, ...body });
      const bucket = kind === 'audio' ? buckets.audio : buckets.images;
      const { url, headers } = await bucket.presignPut(object.key, {
        contentType,
        size,
        sha256,
        expiresSeconds: UPLOAD_SECONDS,
      });
      const expiresAt = new Date(Date.now() + UPLOAD_SECONDS * 1_000).toISOString();
      return reply.status(201).send({ upload: id, url, headers, expiresAt } satisfies Upload);
    },
  );

  api.post(
    '/api/threads/:thread/messages',
    {
      ...inside,
      schema: {
        params,
        body: newMessage,
        headers: z.object({ [IDEMPOTENCY_HEADER]: idempotencyKey }),
        response: { 202: accepted },
      },
    },
    async (request, reply) => {
      const { db, relay, tracing } = parts();
      const { access, params: to, body, headers } = request;
      const span = spanOf(request);
      const id = await inSpan(tracing, span, async traceparent => {
        const key = headers[IDEMPOTENCY_HEADER];
        const submission = { thread: to.thread, author: access.user, key, body, traceparent };
        const known = await acceptedBefore(db, submission);
        if (known === undefined) {
          const kind = await mustBeStored(parts(), access.user, to.thread, body.upload);
          await mustBeOwn(parts(), { author: access.user, thread: to.thread, kind }, body.replaces);
        }
        if (known !== undefined) return known;
        const accepted = await accept(db, submission);
        sent();
        return accepted;
      });
      relay.wake();
      return reply.status(202).send({ id } satisfies Accepted);
    },
  );

  api.post(
    '/api/threads/:thread/signals',
    { ...inside, schema: { params, body: recordingSignal, response: { 204: done } } },
    async ({ access, params: { thread }, body: { recording } }, reply) => {
      parts().signalling.tell({ kind: 'recording', thread, user: access.user, recording });
      return reply.status(204).send();
    },
  );
}

/** The browser's trace goes on with the message. */
function spanOf({ headers, method, routeOptions: { url = '' } }: FastifyRequest): SpanProps {
  const parent = headers['traceparent'];
  return {
    name: `${method} ${url}`,
    kind: 'server',
    parent: typeof parent === 'string' ? parent : undefined,
    attributes: { 'http.request.method': method, 'http.route': url },
  };
}

const stored = z.object({ key: z.string(), size: z.number() });

/** The store has bound size, type and sha256 of the upload: that it is there is all that is left to ask. */
async function mustBeStored({ db, buckets }: Parts, author: string, thread: string, id: string) {
  const upload = await db
    .selectFrom('web_uploads')
    .select(['kind', 'object'])
    .where('id', '=', id)
    .where('author', '=', author)
    .where('thread', '=', thread)
    .executeTakeFirst();
  if (upload === undefined) throw uploadMissing();
  const { key, size } = stored.parse(JSON.parse(upload.object));
  const found = await (upload.kind === 'audio' ? buckets.audio : buckets.images).head(key);
  if (found?.size !== size) throw uploadMissing();
  return upload.kind;
}

/** Another attempt takes the place of a message of the same author, in the same thread and of the same kind only. */
async function mustBeOwn(
  { view }: Parts,
  { author, thread, kind }: { readonly author: string; readonly thread: string; readonly kind: string },
  replaces: string | undefined,
): Promise<void> {
  if (replaces === undefined) return;
  const entry = await view.entry(replaces);
  if (entry?.author === author && entry.thread === thread && entryOf(entry).kind === kind) return;
  throw new ServiceError('RequestInvalid', 'what is to be replaced is no message of yours in this thread');
}
