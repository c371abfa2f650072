import { createHash, timingSafeEqual } from 'node:crypto';
import type { Server } from 'node:https';
import multipart from '@fastify/multipart';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { SPEECH_RATE } from '../audio/index.js';
import { CODES, ServiceError } from '../errors.js';
import { errorFields, type Log } from '../runtime/log.js';
import type { Metrics } from '../runtime/metrics.js';
import { ApiError } from './api-error.js';
import type { Recognizers } from './recognizers.js';
import { MAX_UPLOAD_BYTES, readForm, unknownModel } from './request.js';
import { render, transcriptionOf } from './transcription.js';

export interface SpeechApiProps {
  /** Asked at every request. */
  readonly apiKey: () => Promise<string>;
  readonly models: readonly string[];
  /** Recordings that may wait; beyond it clients are told to come back. */
  readonly maxWaiting: number;
  readonly decode: (bytes: Uint8Array, signal: AbortSignal) => Promise<Int16Array>;
  readonly recognizers: Pick<Recognizers, 'recognize' | 'waiting'>;
  readonly log: Log;
  readonly metrics: Metrics;
  /** Fires when the server is about to stop. */
  readonly signal: AbortSignal;
}

/** OpenAI's API of transcriptions. */
export async function speechApi(app: FastifyInstance<Server>, props: SpeechApiProps): Promise<void> {
  await app.register(async api => {
    await api.register(multipart, {
      limits: { fileSize: MAX_UPLOAD_BYTES, files: 1, fields: 20, fieldSize: 10_000, parts: 21 },
    });
    api.addHook('onRequest', request => authenticate(request, props));
    api.setErrorHandler((error, _, reply) => {
      const known = apiError(error);
      if (known.status >= 500) props.log.error('failed', errorFields(error));
      if (known.retryAfterSeconds !== undefined) reply.header('retry-after', known.retryAfterSeconds);
      return reply.status(known.status).send(known.body());
    });
    api.setNotFoundHandler(({ method }) => {
      throw new ApiError(404, `unknown request: ${method} is not served here`, { code: 'unknown_url' });
    });
    const described = (id: string) => ({ id, object: 'model', created: 0, owned_by: 'local' });
    api.get('/v1/models', () => ({ object: 'list', data: props.models.map(described) }));
    api.get<{ Params: { id: string } }>('/v1/models/:id', ({ params: { id } }) => {
      if (!props.models.includes(id)) throw unknownModel(id);
      return described(id);
    });
    api.post('/v1/audio/transcriptions', async (request, reply) => {
      props.metrics.inFlight.inc();
      try {
        const { type, body } = await transcription(request, props);
        return reply.type(type).send(body);
      } finally {
        props.metrics.inFlight.dec();
      }
    });
  });
}

async function transcription(request: FastifyRequest, props: SpeechApiProps) {
  const { decode, recognizers, maxWaiting, log, signal } = props;
  if (signal.aborted) throw new ApiError(503, 'the server is stopping');
  if (!request.isMultipart()) throw new ApiError(400, 'wanted multipart/form-data');
  const began = performance.now();
  const { file, format, granularities } = await readForm(request.parts(), props.models);
  if (recognizers.waiting >= maxWaiting) {
    throw new ApiError(429, 'too many recordings wait already', {
      code: 'rate_limit_exceeded',
      retryAfterSeconds: 1,
    });
  }
  // A client that has gone away waits for nothing.
  const gone = new AbortController();
  request.raw.socket.once('close', () => gone.abort());
  const pcm = await decode(file, gone.signal);
  const words = await recognizers.recognize(pcm, gone.signal);
  const seconds = pcm.length / SPEECH_RATE;
  log.info('transcribed', { ms: Math.round(performance.now() - began), seconds });
  return render(transcriptionOf(words, seconds), format, granularities);
}

async function authenticate(request: FastifyRequest, { apiKey }: SpeechApiProps): Promise<void> {
  const [scheme, key] = (request.headers.authorization ?? '').split(' ');
  const digest = (text: string) => createHash('sha256').update(text).digest();
  if (scheme?.toLowerCase() === 'bearer' && timingSafeEqual(digest(key ?? ''), digest(await apiKey())))
    return;
  throw new ApiError(401, 'incorrect API key provided', { code: 'invalid_api_key' });
}

function apiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  if (error instanceof ServiceError && !CODES[error.code].waits) {
    const details = [error.saw && `saw ${error.saw}`, error.want && `want ${error.want}`].filter(Boolean);
    return new ApiError(400, [error.message, ...details].join(', '), { code: error.code, param: 'file' });
  }
  const status = statusOf(error);
  if (status === 413) {
    return new ApiError(413, `the upload is larger than ${MAX_UPLOAD_BYTES} bytes`, { param: 'file' });
  }
  if (status !== undefined && status < 500) return new ApiError(400, 'the form is broken');
  return new ApiError(500, 'the server had an error while it worked on the request');
}

function statusOf(error: unknown): number | undefined {
  return error instanceof Error && 'statusCode' in error && typeof error.statusCode === 'number'
    ? error.statusCode
    : undefined;
}
