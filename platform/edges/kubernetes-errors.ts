import { z } from 'zod';
import { PlatformError } from '../errors.js';

/** Kubernetes' `Status`, as far as it says what is wrong. */
const statusSchema = z.object({
  message: z.string().default(''),
  reason: z.string().optional(),
  details: z
    .object({
      causes: z
        .array(
          z.object({
            reason: z.string().optional(),
            message: z.string().default(''),
            field: z.string().optional(),
          }),
        )
        .default([]),
    })
    .optional(),
});

type Status = z.output<typeof statusSchema>;

/** An answer of an API server that is no success. */
export class ApiAnswer extends Error {
  readonly code: number;
  readonly body: string;

  constructor(code: number, body: string) {
    super(`HTTP ${code}`);
    this.code = code;
    this.body = body;
  }
}

/** The object, or its kind, is not there. */
export function isNotFound(error: unknown): boolean {
  return error instanceof ApiAnswer && error.code === 404;
}

/** It is not as the request says that it must be. */
export function isConflict(error: unknown): boolean {
  return error instanceof ApiAnswer && error.code === 409;
}

/** What an API server said, or why it said nothing, in the terms of a user. */
export function kubernetesError(error: unknown, what: string, server: string): PlatformError {
  if (error instanceof PlatformError) return error;
  if (error instanceof ApiAnswer) return answered(error, what);
  const message = error instanceof Error ? error.message : String(error);
  return new PlatformError('ApiServerUnreachable', `no answer from ${server}`, {
    where: what,
    saw: message,
    cause: error,
  });
}

function answered(error: ApiAnswer, what: string): PlatformError {
  const status = statusOf(error.body);
  const saw = `${error.code} ${status.message || 'no reason given'}`;
  const info = { where: what, saw, cause: error };
  if (error.code === 401 || error.code === 403) {
    return new PlatformError('ApiForbidden', `the API server does not allow it: ${what}`, info);
  }
  if (error.code === 409 && status.details?.causes.some(({ reason }) => reason === 'FieldManagerConflict')) {
    return new PlatformError('FieldOwnedByOther', `somebody else owns fields of ${what}`, {
      ...info,
      saw: causesText(status),
    });
  }
  if (/immutable|updates to statefulset spec for fields other than/i.test(status.message)) {
    return new PlatformError('FieldImmutable', `${what} has a field that cannot be changed`, info);
  }
  // A whole group that is not there is not even a `Status`.
  if (error.code === 404 && status.reason === undefined) {
    return new PlatformError('KindUnknown', `the cluster knows no such kind: ${what}`, info);
  }
  // Server-side apply answers a field of the wrong type with 500.
  if (error.code === 400 || error.code === 422 || /typed patch object/.test(status.message)) {
    return new PlatformError('ObjectInvalid', `the API server refuses ${what}`, info);
  }
  return new PlatformError('ApiRefused', `the API server refused ${what}`, info);
}

function causesText({ details, message }: Status): string {
  const causes = details?.causes ?? [];
  return causes.length === 0 ? message : causes.map(it => `${it.field ?? ''}: ${it.message}`).join('; ');
}

function statusOf(body: string): Status {
  try {
    return statusSchema.safeParse(JSON.parse(body)).data ?? { message: '' };
  } catch {
    return { message: body.slice(0, 500) };
  }
}
