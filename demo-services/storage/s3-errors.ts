import { S3ServiceException } from '@aws-sdk/client-s3';
import { type Code, ServiceError } from '../errors.js';

/** S3's names for what we have a code for. A HEAD has no body, so its 404 is only a status. */
const BY_NAME: Readonly<Record<string, Code>> = {
  NoSuchKey: 'ObjectNotFound',
  NotFound: 'ObjectNotFound',
  PreconditionFailed: 'ObjectExists',
  EntityTooLarge: 'ObjectTooLarge',
  BadDigest: 'ObjectCorrupt',
  XAmzContentChecksumMismatch: 'ObjectCorrupt',
  NoSuchBucket: 'BucketNotFound',
};

const BY_STATUS: Readonly<Record<number, Code>> = {
  401: 'StoreAccessDenied',
  403: 'StoreAccessDenied',
  404: 'ObjectNotFound',
  412: 'ObjectExists',
  413: 'ObjectTooLarge',
};

/** The coded form of whatever the SDK throws. Keys are not repeated: they may tell who spoke. */
export function storeError(cause: unknown, bucket: string): ServiceError {
  if (cause instanceof ServiceError) return cause;
  const code = codeOf(cause);
  const status = cause instanceof S3ServiceException ? cause.$metadata.httpStatusCode : undefined;
  const saw = [status, nameOf(cause)].filter(Boolean).join(' ');
  return new ServiceError(code, MESSAGES[code] ?? 'the object store failed', { where: bucket, saw, cause });
}

const MESSAGES: Partial<Record<Code, string>> = {
  ObjectNotFound: 'there is no such object',
  ObjectExists: 'there is an object under this key already',
  ObjectTooLarge: 'the object is too large for the store',
  ObjectCorrupt: 'the bytes did not arrive as they were sent',
  BucketNotFound: 'there is no such bucket',
  StoreAccessDenied: 'the object store refuses the credentials',
  StoreUnavailable: 'the object store does not answer as it should',
};

function codeOf(cause: unknown): Code {
  if (cause instanceof S3ServiceException) {
    return BY_NAME[cause.name] ?? BY_STATUS[cause.$metadata.httpStatusCode ?? 0] ?? 'StoreUnavailable';
  }
  return nameOf(cause) === 'CredentialsProviderError' ? 'StoreAccessDenied' : 'StoreUnavailable';
}

/** `ECONNREFUSED`, `CERT_HAS_EXPIRED`, `TimeoutError`. */
function nameOf(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  return 'code' in cause && typeof cause.code === 'string' ? cause.code : cause.name;
}
