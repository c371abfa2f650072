import { CSRF_HEADER } from '../../api/limits.js';
import type { Problem } from '../../api/names.js';
import { watch } from './watch.js';

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
  const { method = 'GET', body, headers } = request;
  const init = {
    method,
    headers: {
      ...(method !== 'GET' && { [CSRF_HEADER.name]: CSRF_HEADER.value }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  };
  return exchange(address, init, request.signal, async response =>
    response.status === 204 ? (undefined as Answer) : ((await response.json()) as Answer),
  );
}

/** Bytes, from wherever the address leads. @throws Refused, Unreachable */
export function load(address: string): Promise<Blob> {
  return exchange(address, {}, undefined, async (response, onward) => {
    const reader = response.body?.getReader();
    const chunks: BlobPart[] = [];
    for (let next = await reader?.read(); next?.value; next = await reader?.read()) {
      chunks.push(next.value);
      onward();
    }
    return new Blob(chunks, { type: response.headers.get('content-type') ?? '' });
  });
}

async function exchange<Answer>(
  address: string,
  init: RequestInit,
  caller: AbortSignal | undefined,
  read: (response: Response, onward: () => void) => Promise<Answer>,
): Promise<Answer> {
  const { signal, onward, end } = watch(caller);
  try {
    const response = await fetch(address, { ...init, signal });
    onward();
    if (response.ok) return await read(response, onward);
    throw await refusalOf(response);
  } catch (cause) {
    if (cause instanceof Refused || caller?.aborted) throw cause;
    throw new Unreachable('there is no connection', { cause });
  } finally {
    end();
  }
}

async function refusalOf(response: Response): Promise<Refused> {
  const answer: unknown = await response.json().catch(() => undefined);
  const wait = Number(response.headers.get('retry-after'));
  return new Refused(
    response.status,
    problemOf(answer, response.status),
    wait > 0 ? wait * 1_000 : undefined,
  );
}

function problemOf(answer: unknown, status: number): Problem {
  const { code, message } = (answer ?? {}) as Partial<Problem>;
  return { code: code ?? 'Unexpected', message: message ?? `the answer was ${status}` };
}
