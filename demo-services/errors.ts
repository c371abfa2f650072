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
  // messaging
  AuthenticationFailed: {
    means:
      'the broker does not accept the token: it is missing, expired, malformed, or signed by another key',
    fix: 'check the file that PULSAR_TOKEN_FILE names; it is read again for every connection',
    waits: true,
  },
  AuthorizationFailed: {
    means: 'the role of the token may not do this on this topic',
    fix: 'grant it in platform.yaml and run platform tenants apply',
    waits: true,
  },
  HostnameMismatch: {
    means: "the broker's certificate does not hold the name under which it was dialled",
    fix: 'dial one of the names that the certificate holds, or reissue it with this one',
    waits: true,
  },
  CertificateUntrusted: {
    means: "no root of the trust file signed the broker's certificate",
    fix: 'put the root that signs it into the file that TLS_TRUST_FILE names',
    waits: true,
  },
  CertificateExpired: {
    means: 'a certificate is past its end, or not yet at its beginning',
    fix: 'renew it and check the clock; certificate files are read again for every connection',
    waits: true,
  },
  ClientCertificateMissing: {
    means: 'the broker demands a client certificate and none is configured',
    fix: 'set TLS_CERTIFICATE_FILE and TLS_KEY_FILE',
    waits: true,
  },
  ClientCertificateRejected: {
    means: 'the broker does not trust the client certificate, or its usages lack client authentication',
    fix: 'issue it by an authority that the broker trusts, for client authentication',
    waits: true,
  },
  KeyMismatch: {
    means: 'the private key does not belong to the certificate',
    fix: 'write the certificate and the key that were made together',
    waits: true,
  },
  CredentialUnreadable: {
    means: 'a certificate, key, trust or token file cannot be read, or is not what it should be',
    fix: 'check that the file exists, is readable and in PEM (a token: one line)',
    waits: true,
  },
  TopicNotFound: {
    means: 'there is no such topic; this platform does not make topics by accident',
    fix: 'add it to platform.yaml and run platform tenants apply, or correct the name',
    waits: true,
  },
  MessageTooLarge: {
    means: 'the message is larger than the broker or its WebSocket gateway accepts',
    fix: 'store the contents as an object and send its key',
    waits: false,
  },
  ProducerBusy: {
    means: 'the broker takes no message of this producer now: its name is in use, or a quota is reached',
    fix: 'look at the backlog and the quotas of the topic',
    waits: true,
  },
  ConsumerBusy: {
    means: 'another consumer holds the subscription exclusively, or with another type',
    fix: 'stop the other consumer, or give this one a subscription of its own',
    waits: true,
  },
  Unreachable: {
    means: 'nothing answers under the address of the broker',
    fix: 'check the address, and whether the broker runs and a network policy lets this workload dial it',
    waits: true,
  },
  ConnectionLost: {
    means: 'the connection to the broker broke and could not be mended in time',
    fix: 'look at the broker; the client goes on by itself',
    waits: true,
  },
  Timeout: {
    means: 'the broker did not answer in time',
    fix: 'look at the load and the log of the broker; a message that timed out may still arrive',
    waits: true,
  },
  AlreadyClosed: {
    means: 'the producer, consumer, reader or client was used after its close',
    fix: 'nothing during a shutdown; otherwise it is a defect of the service',
    waits: true,
  },
  BrokerRefused: {
    means: 'the broker refused for a reason of its own, which the message quotes',
    fix: 'look at the log of the broker',
    waits: true,
  },
  TransportUnavailable: {
    means: 'the transport that was asked for cannot be used here',
    fix: 'run npm rebuild pulsar-client, or set PULSAR_TRANSPORT=websocket and PULSAR_WEBSOCKET_URL',
    waits: true,
  },
  AckTimeout: {
    means: 'the handler of the message took longer than it may, again and again',
    fix: 'raise the limit, or find out what it waits for, then replay the dead letter',
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
  BucketNotFound: {
    means: 'the bucket is not in the store',
    fix: 'make the bucket: platform local up, or platform apply; the service goes on by itself',
    waits: true,
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
  // database
  DatabaseUnavailable: {
    means: 'the database of the service does not answer, or refuses',
    fix: 'look at the server or the disk of the database; the service goes on by itself',
    waits: true,
  },
  // thread
  RebuildOvertaken: {
    means: 'messages were added to the view while it was being rebuilt: the rebuild stood still for too long',
    fix: 'nothing was lost or replaced; rebuild again',
    waits: true,
  },
  RebuildRunning: {
    means: 'the view of the threads is being rebuilt already',
    fix: 'wait until it is done; one that died is given up after 15 seconds',
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
  SpeechFailed: {
    means:
      'the transcription API failed on a recording; it is tried again, and given up when others succeed meanwhile',
    fix: 'look at the API when nothing succeeds; the service goes on by itself',
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
  // HTTP
  RequestInvalid: {
    means: 'the request is not of the form that the service wants',
    fix: 'mend what the message names; /api/openapi.json describes every request',
    waits: false,
  },
  RequestTooLarge: {
    means: 'the body of the request is larger than the service reads',
    fix: 'send less',
    waits: false,
  },
  TooManyRequests: {
    means: 'too many requests came from the same place within a short time',
    fix: 'wait for as long as Retry-After says',
    waits: false,
  },
  NotFound: {
    means: 'there is no such thing, or not for you',
    fix: 'check the address, and who you are signed in as',
    waits: false,
  },
  NotSignedIn: {
    means: 'the request comes from nobody known, or the session has ended',
    fix: 'sign in',
    waits: false,
  },
  // web
  SignInRefused: {
    means: 'name and password do not belong together',
    fix: 'type them again',
    waits: false,
  },
  RegistrationClosed: {
    means: 'strangers cannot make a name for themselves here',
    fix: 'ask whoever runs it; REGISTRATION=open lets everybody in',
    waits: false,
  },
  NameTaken: {
    means: 'somebody else has this name',
    fix: 'choose another one',
    waits: false,
  },
  OriginRefused: {
    means: 'the request changes something and does not come from the page of the voice chat itself',
    fix: 'open the page under PUBLIC_URL; a program sends Origin and x-requested-with as docs/voice-chat.md says',
    waits: false,
  },
  NotAllowed: {
    means: 'only who began a thread takes others out of it',
    fix: 'ask whoever began it, or leave it yourself',
    waits: false,
  },
  TooManyThreads: {
    means: 'somebody belongs to as many threads as one may',
    fix: 'they leave some of them',
    waits: false,
  },
  IdempotencyConflict: {
    means: 'another message was sent under the same idempotency key',
    fix: 'take a new key for a new message',
    waits: false,
  },
  UploadMissing: {
    means: 'the message names an upload that is not there, not of its author in this thread, or used already',
    fix: 'put the bytes first, then send the message',
    waits: false,
  },
  OidcRefused: {
    means:
      'the sign-in by the OpenID provider did not succeed: it was refused, took too long, or was not begun here',
    fix: 'sign in again; if it fails again, compare redirect URI and client with those of the provider',
    waits: false,
  },
  OidcUnavailable: {
    means: 'the OpenID provider does not answer, is not trusted, or is not what OIDC_ISSUER says',
    fix: 'check OIDC_ISSUER and OIDC_TRUST_FILE, and whether the front door may dial it',
    waits: true,
  },
  OutboxBehindLog: {
    means: 'the database of the front door is older than the log: it was restored from a backup',
    fix: "update web_state set producer = 'web-<something new>' in it; the outbox goes out by itself",
    waits: true,
  },
  StreamIdle: {
    means: 'nothing came over /stream for too long',
    fix: 'upload the whole recording; begin anew to see captions',
    waits: false,
  },
  UserUnknown: {
    means: 'nobody has this name here',
    fix: 'check the name; whoever signs in by OpenID is known after the first time',
    waits: false,
  },
  ViewUnavailable: {
    means: 'the thread service does not answer, or refuses the key',
    fix: 'look at the thread service; sending goes on without it',
    waits: true,
  },
  // runtime
  EnvironmentInvalid: {
    means: 'the environment of the service lacks a variable or has one that cannot be right',
    fix: 'correct every variable that the message names',
    waits: true,
  },
  NotReady: {
    means: 'the service has not reached yet what it needs',
    fix: 'wait; /ready names what is missing',
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
