import type { Server } from 'node:https';
import type { FastifyError, FastifyInstance } from 'fastify';
import {
  hasZodFastifySchemaValidationErrors,
  validatorCompiler,
  type ZodTypeProvider,
} from 'fastify-type-provider-zod';
import { CODES, type Code, ServiceError, waits } from '../errors.js';
import { errorFields, type Log } from './log.js';

/** The form of every answer that is an error. */
export interface Problem {
  readonly code: Code;
  readonly message: string;
}

/** What Fastify itself refuses, by its status. */
const REFUSALS: Readonly<Record<number, Code>> = {
  404: 'NotFound',
  405: 'NotFound',
  408: 'RequestInvalid',
  413: 'RequestTooLarge',
  415: 'RequestInvalid',
  429: 'TooManyRequests',
};

/**
 * Makes routes of what zod schemas describe, and a coded answer of every error. Nothing of an error without a code
 * leaves the service: it is in the log.
 *
 * @param statuses by code; others are 503 where waiting can mend it, else 400
 */
export function jsonApi(
  app: FastifyInstance<Server>,
  { log, statuses }: { readonly log: Log; readonly statuses: Readonly<Partial<Record<Code, number>>> },
) {
  app.setValidatorCompiler(validatorCompiler);
  // What is answered was checked when it was compiled: its type is that of the schema.
  app.setSerializerCompiler(() => JSON.stringify);
  app.setNotFoundHandler((_, reply) => reply.status(404).send(problem('NotFound', 'there is no such page')));
  app.setErrorHandler<FastifyError>((error, request, reply) => {
    const { status, ...body } = answerTo(error, statuses);
    const fields = { ...errorFields(error), method: request.method, route: request.routeOptions.url };
    if (status === 500) log.error('request failed', fields);
    else log.debug('request refused', { ...fields, code: body.code });
    if (error instanceof ServiceError && error.retryAfterMs !== undefined) {
      reply.header('retry-after', Math.ceil(error.retryAfterMs / 1_000));
    }
    return reply.status(status).send(body);
  });
  return app.withTypeProvider<ZodTypeProvider>();
}

export type JsonApi = ReturnType<typeof jsonApi>;

function answerTo(error: FastifyError, statuses: Readonly<Partial<Record<Code, number>>>) {
  if (error instanceof ServiceError) {
    const status = statuses[error.code] ?? (waits(error) ? 503 : 400);
    return { status, ...problem(error.code, error.message) };
  }
  if (hasZodFastifySchemaValidationErrors(error)) {
    const mistakes = error.validation.map(
      ({ instancePath, message }) => `${instancePath.slice(1)}: ${message}`,
    );
    return { status: 400, ...problem('RequestInvalid', mistakes.join('; ').slice(0, 400)) };
  }
  const status = error.statusCode ?? 500;
  if (status < 400 || status >= 500) return { status: 500, ...problem('Unexpected', CODES.Unexpected.means) };
  return { status, ...problem(REFUSALS[status] ?? 'RequestInvalid', error.message) };
}

function problem(code: Code, message: string): Problem {
  return { code, message };
}
