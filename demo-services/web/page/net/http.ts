import { CSRF_HEADER } from '../../api/limits.js';
import type { Problem } from '../../api/names.js';

/** The front door said no. `code` is stable, the message is for people. */
export class Refused extends Error {
  readonly status: number;
  readonly code: string;
  readonly retryAfterMs: number | undefined;

  constructor(status: number, { code, message }: Problem, retryAfterMs?: number) {
    super(message);
    this.status = status;
    this.code = code;
    this.retryAfterMs = retryAfterMs;
  }
}

/** There was no answer: it may be asked again. */
export class Unreachable extends Error {}

export interface Request {
  readonly method?: 'GET' | 'POST' | 'DELETE';
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal | undefined;
}

/** One request. @throws Refused, Unreachable */
export async function send<Answer>(address: string, request: Request = {}): Promise<Answer> {
  const { method = 'GET', body, headers, signal } = request;
  const response = await fetch(address, {
    method,
    headers: {
      ...(method !== 'GET' && { [CSRF_HEADER.name]: CSRF_HEADER.value }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
    ...(signal && { signal }),
  }).catch((cause: unknown) => {
    if (signal?.aborted) throw cause;
    throw new Unreachable('there is no connection', { cause });
  });
  if (response.status === 204) return undefined as Answer;
  const answer: unknown = await response.json().catch(() => undefined);
  if (response.ok) return answer as Answer;
  const wait = Number(response.headers.get('retry-after'));
  throw new Refused(response.status, problemOf(answer, response.status), wait > 0 ? wait * 1_000 : undefined);
}

function problemOf(answer: unknown, status: number): Problem {
  const { code, message } = (answer ?? {}) as Partial<Problem>;
  return { code: code ?? 'Unexpected', message: message ?? `the answer was ${status}` };
}
