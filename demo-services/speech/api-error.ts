/** An error in the form that OpenAI's clients understand. */
export class ApiError extends Error {
  readonly status: number;
  readonly code: string | null;
  readonly param: string | null;
  readonly retryAfterSeconds: number | undefined;

  constructor(
    status: number,
    message: string,
    info: { readonly code?: string; readonly param?: string; readonly retryAfterSeconds?: number } = {},
  ) {
    super(message);
    this.status = status;
    this.code = info.code ?? null;
    this.param = info.param ?? null;
    this.retryAfterSeconds = info.retryAfterSeconds;
  }

  body(): object {
    const { message, code, param } = this;
    return { error: { message, type: TYPES[this.status] ?? 'server_error', param, code } };
  }
}

const TYPES: Readonly<Record<number, string>> = {
  400: 'invalid_request_error',
  401: 'invalid_request_error',
  404: 'invalid_request_error',
  413: 'invalid_request_error',
  429: 'requests',
};
