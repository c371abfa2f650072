import { type Code, PlatformError, type PlatformErrorInfo } from '../../../platform/errors.js';

/** Runs calls about one authority, and says in the user's terms what AWS refused. */
export async function asking<T>(about: string, calls: () => Promise<T>): Promise<T> {
  try {
    return await calls();
  } catch (error) {
    throw toPlatformError(about, error);
  }
}

interface Refusal {
  readonly code: Code;
  readonly message: (about: string) => string;
  readonly fix?: string;
}

/** What the client calls AWS' LimitExceededException. */
export const QUOTA_USED_UP = 'QuotaUsedUp';

const REFUSALS: Readonly<Record<string, Refusal>> = {
  ResourceNotFoundException: {
    code: 'AuthorityNotFound',
    message: about => `there is no ${about}`,
  },
  InvalidArnException: { code: 'AuthorityNotFound', message: about => `${about} is no ARN of a private CA` },
  InvalidStateException: {
    code: 'AuthorityNotActive',
    message: about => `${about} is not in the state for this`,
  },
  [QUOTA_USED_UP]: {
    code: 'AuthorityQuota',
    message: about => `a quota of AWS Private CA is used up (${about})`,
  },
  ThrottlingException: { code: 'AuthorityThrottled', message: about => `AWS Private CA throttles ${about}` },
  AccessDeniedException: { code: 'AuthorityAccessDenied', message: about => `AWS denies access to ${about}` },
  MalformedCSRException: {
    code: 'AuthorityRefused',
    message: about => `${about} can't read the signing request`,
  },
  InvalidArgsException: { code: 'AuthorityRefused', message: about => `${about} refuses the request` },
  ValidationException: { code: 'AuthorityRefused', message: about => `${about} refuses the request` },
  ConcurrentModificationException: {
    code: 'AuthorityNotActive',
    message: about => `${about} is being changed by somebody else`,
    fix: 'run the command again when the other change is done',
  },
  SyntaxError: {
    code: 'AuthorityRefused',
    message: about => `the endpoint for ${about} doesn't answer as AWS Private CA`,
    fix: 'check AWS_ENDPOINT_URL_ACM_PCA and the region',
  },
};
const DENIED = new Set(['UnrecognizedClientException', 'ExpiredTokenException', 'CredentialsProviderError']);

function toPlatformError(about: string, cause: unknown): unknown {
  if (!(cause instanceof Error) || cause instanceof PlatformError) return cause;
  const refusal = REFUSALS[DENIED.has(cause.name) ? 'AccessDeniedException' : cause.name];
  if (refusal === undefined) return cause;
  const info: PlatformErrorInfo = {
    where: about,
    saw: `${cause.name}: ${cause.message.split('\n')[0]}`,
    ...(refusal.fix !== undefined && { fix: refusal.fix }),
    cause,
  };
  return new PlatformError(refusal.code, refusal.message(about), info);
}

export function isNamed(error: unknown, ...names: readonly string[]): error is Error {
  return error instanceof Error && names.includes(error.name);
}
