import { readFile } from 'node:fs/promises';
import OpenAI, { toFile } from 'openai';
import type { Dispatcher } from 'undici';
import { type Code, ServiceError } from '../errors.js';

export interface Speech {
  readonly text: string;
  readonly language: string;
  readonly segments: readonly { readonly start: number; readonly end: number; readonly text: string }[];
}

/** Speech to text. Failures are coded: what waiting can mend, and what it can't. */
export interface SpeechApi {
  transcribe(wav: Buffer, signal?: AbortSignal): Promise<Speech>;
  /** Whether the API answers and accepts the key. */
  check(signal: AbortSignal): Promise<void>;
}

export interface SpeechApiProps {
  /** Up to and with `/v1`. */
  readonly baseUrl: string;
  /** Asked before every call, so that a new key counts at once. */
  readonly apiKey: () => Promise<string>;
  readonly model: string;
  /** Opens the connections: it decides whom to trust. */
  readonly dispatcher: Dispatcher;
  /** For one request, ms. @default 120000 */
  readonly timeoutMs?: number;
}

const TIMEOUT_MS = 120_000;
const CHECK_MS = 3_000;

/** OpenAI's API, or whatever speaks it: speaches, whisper.cpp, vLLM, the local server of this kit. */
export function speechApi(props: SpeechApiProps): SpeechApi {
  const client = new OpenAI({
    baseURL: props.baseUrl,
    apiKey: props.apiKey,
    timeout: props.timeoutMs ?? TIMEOUT_MS,
    // Retries happen around it, where a shutdown ends them and the message stays in order.
    maxRetries: 0,
    // Node's own fetch, since its FormData is the one that the SDK builds; it takes a dispatcher of the package.
    fetch: (url, init) => fetch(url, Object.assign({}, init, { dispatcher: props.dispatcher })),
  });
  const signalled = (signal?: AbortSignal) => (signal ? { signal } : {});
  return {
    transcribe: async (wav, signal) => {
      try {
        const said = await client.audio.transcriptions.create(
          {
            file: await toFile(wav, 'speech.wav', { type: 'audio/wav' }),
            model: props.model,
            response_format: 'verbose_json',
          },
          signalled(signal),
        );
        return {
          text: said.text.trim(),
          language: said.language ?? 'unknown',
          segments: (said.segments ?? []).map(({ start, end, text }) => ({ start, end, text: text.trim() })),
        };
      } catch (cause) {
        signal?.throwIfAborted();
        throw speechError(cause);
      }
    },
    check: async signal => {
      try {
        await client.models.list({ signal, timeout: CHECK_MS });
      } catch (cause) {
        // Servers that only transcribe have no list of models; that they say so is an answer.
        if (cause instanceof OpenAI.APIError && (cause.status === 404 || cause.status === 405)) return;
        throw speechError(cause);
      }
    },
  };
}

/** Read at every call: a key that is replaced counts at once. Some servers want none, but the SDK does. */
export async function apiKeyOf(file: string | undefined): Promise<string> {
  return file === undefined ? 'none' : (await readFile(file, 'utf8')).trim();
}

/** What the API's answer means for the message. */
export function speechError(cause: unknown): ServiceError {
  if (cause instanceof ServiceError) return cause;
  if (cause instanceof OpenAI.APIConnectionTimeoutError) {
    return new ServiceError('SpeechFailed', 'the transcription API did not answer in time', { cause });
  }
  if (!(cause instanceof OpenAI.APIError) || cause.status === undefined) {
    return new ServiceError('SpeechUnavailable', 'the transcription API does not answer', {
      saw: rootCode(cause),
      cause,
    });
  }
  const code = codeOf(cause.status, cause.code);
  const retryAfterMs = retryAfter(cause.headers);
  return new ServiceError(code, MESSAGES[code], {
    saw: [cause.status, cause.code].filter(Boolean).join(' '),
    ...(retryAfterMs !== undefined && { retryAfterMs }),
    cause,
  });
}

type SpeechCode = Extract<
  Code,
  'SpeechUnauthorized' | 'SpeechMisconfigured' | 'SpeechUnavailable' | 'SpeechFailed' | 'AudioRejected'
>;

const MESSAGES: Readonly<Record<SpeechCode, string>> = {
  SpeechUnauthorized: 'the transcription API refuses the key',
  SpeechMisconfigured: 'the transcription API does not know the path or the model',
  SpeechUnavailable: 'the transcription API is busy',
  SpeechFailed: 'the transcription API failed',
  AudioRejected: 'the transcription API refuses this audio',
};

function codeOf(status: number, code: string | null | undefined): SpeechCode {
  if (status === 401 || status === 403) return 'SpeechUnauthorized';
  if (status === 404 || code === 'model_not_found') return 'SpeechMisconfigured';
  if (status === 400 || status === 413 || status === 415 || status === 422) return 'AudioRejected';
  return status === 429 || status === 503 ? 'SpeechUnavailable' : 'SpeechFailed';
}

/** `Retry-After` in seconds or as a date, or OpenAI's own header in milliseconds. */
function retryAfter(headers: Headers | undefined): number | undefined {
  const ms = Number(headers?.get('retry-after-ms') ?? Number.NaN);
  if (Number.isFinite(ms)) return ms;
  const after = headers?.get('retry-after');
  if (after == null) return undefined;
  const seconds = Number(after);
  const wait = Number.isFinite(seconds) ? seconds * 1_000 : Date.parse(after) - Date.now();
  return Number.isFinite(wait) ? Math.max(0, wait) : undefined;
}

/** The deepest code of a chain of causes: `ECONNREFUSED` says more than "Connection error". */
function rootCode(error: unknown): string {
  let [code, at]: [string, unknown] = ['no answer', error];
  while (at instanceof Error) {
    code = 'code' in at && typeof at.code === 'string' ? at.code : at.name === 'Error' ? code : at.name;
    at = at.cause;
  }
  return code;
}
