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
  RequestFailedException: {
    code: 'AuthorityRefused',
    message: about => `${about} could not issue what it had taken the request for`,
    fix: 'run the same command again; see AWS Health when it stays so',
  },
  CertificateMismatchException: {
    code: 'AuthorityRefused',
    message: about => `the certificate is not of the key of ${about}`,
  },
  MalformedCertificateException: {
    code: 'AuthorityRefused',
    message: about => `${about} does not take the certificate or its chain`,
  },
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
/** Whose session has ended, or who is nobody to AWS. */
const UNKNOWN_CALLER = new Set([
  'UnrecognizedClientException',
  'ExpiredTokenException',
  'ExpiredToken',
  'InvalidClientTokenId',
  'TokenRefreshRequired',
  'CredentialsProviderError',
]);
/** A signature of another time: the SDK follows AWS' clock as far as answers tell it. */
const WRONG_TIME = new Set([
  'InvalidSignatureException',
  'RequestExpired',
  'RequestTimeTooSkewed',
  'SignatureDoesNotMatch',
]);
/** No answer at all, or none but that it is not well. */
const NO_ANSWER =
  /^(ECONNREFUSED|ECONNRESET|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|ETIMEDOUT|EPIPE|TimeoutError|InternalFailure|InternalServerException|ServiceUnavailable\w*)$/;

function refusalOf(cause: Error): Refusal | undefined {
  const { name, code = '' } = cause as NodeJS.ErrnoException;
  if (UNKNOWN_CALLER.has(name)) {
    return {
      code: 'CredentialsMissing',
      message: () => 'AWS does not know who asks',
      fix: 'sign in again (aws sso login), or give new keys: a session of AWS ends by itself',
    };
  }
  if (WRONG_TIME.has(name)) {
    return {
      code: 'AuthorityAccessDenied',
      message: about => `AWS does not take the signature of a request about ${about}`,
      fix: 'set the clock of this machine (timedatectl), and check the secret key',
    };
  }
  if (NO_ANSWER.test(code) || NO_ANSWER.test(name))
    return {
      code: 'AuthorityUnreachable',
      message: about => `AWS Private CA does not answer about ${about}`,
    };
  return REFUSALS[name];
}

function toPlatformError(about: string, cause: unknown): unknown {
  if (!(cause instanceof Error) || cause instanceof PlatformError) return cause;
  const refusal = refusalOf(cause);
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
