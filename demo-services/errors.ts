/**
 * Every error code of the demo services, with what it means, what helps, and whether waiting can mend it. Codes are
 * API: they are in logs, in metrics, in dead letters and in failed results. `docs/errors.md` is generated from this
 * table.
 *
 * `waits`: the cause lies outside of the message, so the message is kept and tried again. Otherwise the message can
 * never succeed: it goes to the dead letters at once.
 */
export const CODES = {
  // contract
  MessageInvalid: {
    means: 'the message is not JSON of the form that its schema wants',
    fix: 'mend the producer by docs/schemas, then send the message again',
    waits: false,
  },
  MessageUnknownVersion: {
    means: 'the message has a version that this service does not know',
    fix: 'roll out the consumer before the producer, then replay the dead letter',
    waits: false,
  },
  // storage
  ObjectNotFound: {
    means: 'the object that the message names is not in the store',
    fix: 'put the object before the message is sent; check the life-cycle rules of the bucket',
    waits: false,
  },
  ObjectExists: {
    means: 'there is an object under this key already, and the put demanded that there is none',
    fix: 'nothing: the first one counts',
    waits: false,
  },
  ObjectTooLarge: {
    means: 'the object is larger than the service accepts',
    fix: 'send a smaller one',
    waits: false,
  },
  ObjectCorrupt: {
    means: 'size or sha256 of the object is not what the message says',
    fix: 'upload it again and send a message with the size and sha256 of those bytes',
    waits: false,
  },
  StoreAccessDenied: {
    means: 'the object store refuses these credentials for this bucket',
    fix: 'check the role of the service (Pod Identity), or the credentials file that its environment names',
    waits: true,
  },
  StoreUnavailable: {
    means: 'the object store does not answer, or answers with an error of its own',
    fix: 'look at the store; the service goes on by itself',
    waits: true,
  },
  // transcriber
  AudioUnsupported: {
    means: 'the bytes are not webm, mp4, m4a, ogg or wav audio, whatever name they came under',
    fix: 'record in one of these formats',
    waits: false,
  },
  AudioUnreadable: {
    means: 'the audio is empty, cut off before its first sound, or broken',
    fix: 'record it again',
    waits: false,
  },
  AudioTooLong: {
    means: 'the audio is longer than the service accepts',
    fix: 'split it',
    waits: false,
  },
  AudioRejected: {
    means: 'the transcription API refuses this audio',
    fix: 'read the reason in the dead letter',
    waits: false,
  },
  SpeechUnauthorized: {
    means: 'the transcription API refuses the key',
    fix: 'put a valid key into the file that OPENAI_API_KEY_FILE names; it is read again by itself',
    waits: true,
  },
  SpeechMisconfigured: {
    means: 'the transcription API does not know the path or the model',
    fix: 'correct OPENAI_BASE_URL or OPENAI_MODEL',
    waits: true,
  },
  SpeechUnavailable: {
    means: 'the transcription API does not answer, is busy, or limits the rate',
    fix: 'look at the API; the service goes on by itself',
    waits: true,
  },
  // images
  ImageUnsupported: {
    means: 'the bytes are not a JPEG, PNG, WebP, GIF or AVIF picture, whatever name they came under',
    fix: 'send one of these formats',
    waits: false,
  },
  ImageUnreadable: {
    means: 'the picture is empty, cut off or broken',
    fix: 'send it again',
    waits: false,
  },
  ImageTooLarge: {
    means: 'the picture has more pixels than the service accepts',
    fix: 'send a smaller one',
    waits: false,
  },
  // runtime
  EnvironmentInvalid: {
    means: 'the environment of the service lacks a variable or has one that cannot be right',
    fix: 'correct every variable that the message names',
    waits: true,
  },
  Stopping: {
    means: 'the service is shutting down; what it had begun is delivered again',
    fix: 'nothing',
    waits: true,
  },
  Unexpected: {
    means:
      'a defect of the service: it failed on this message again and again for a reason that it does not know',
    fix: 'report it with the log lines of the message, then replay the dead letter',
    waits: false,
  },
} as const satisfies Record<
  string,
  { readonly means: string; readonly fix: string; readonly waits: boolean }
>;

export type Code = keyof typeof CODES;

export interface ServiceErrorInfo {
  /** What it is about: a bucket and key, a topic, a variable. Never contents. */
  readonly where?: string;
  readonly saw?: string;
  readonly want?: string;
  /** How long the other side asks to be left alone, ms. */
  readonly retryAfterMs?: number;
  readonly cause?: unknown;
}

/** An error with a stable code; `CODES[code].waits` tells whether the message that met it is kept. */
export class ServiceError extends Error {
  readonly code: Code;
  readonly where: string | undefined;
  readonly saw: string | undefined;
  readonly want: string | undefined;
  readonly retryAfterMs: number | undefined;

  constructor(code: Code, message: string, info: ServiceErrorInfo = {}) {
    super(message, info.cause === undefined ? undefined : { cause: info.cause });
    this.name = 'ServiceError';
    this.code = code;
    this.where = info.where;
    this.saw = info.saw;
    this.want = info.want;
    this.retryAfterMs = info.retryAfterMs;
  }
}

/** Whether waiting may mend it. What has no code is not known to be hopeless. */
export function waits(error: unknown): boolean {
  return !(error instanceof ServiceError) || CODES[error.code].waits;
}
