import { ACMPCAClient } from '@aws-sdk/client-acm-pca';
import { isNamed, QUOTA_USED_UP } from './errors.js';

export interface PrivateCaClientProps {
  readonly region: string;
  /** URL of another endpoint. @default - `AWS_ENDPOINT_URL_ACM_PCA`, `AWS_ENDPOINT_URL`, else that of the region */
  readonly endpoint?: string;
  /** How often a call is tried. @default 15 */
  readonly attempts?: number;
}

/** AWS allows 25 IssueCertificate calls a second; with as many clients as wanted, some are told to come again. */
const MAX_ATTEMPTS = 15;

/** The client of AWS Private CA: throttled and failed calls are tried again, more slowly when it is told so. */
export function privateCaClient({
  region,
  endpoint,
  attempts = MAX_ATTEMPTS,
}: PrivateCaClientProps): ACMPCAClient {
  const client = new ACMPCAClient({
    region,
    maxAttempts: attempts,
    retryMode: 'adaptive',
    ...(endpoint !== undefined && { endpoint }),
  });
  // The SDK takes a used-up quota of authorities for throttling and would try for minutes.
  client.middlewareStack.add(
    next => async args => {
      try {
        return await next(args);
      } catch (error) {
        if (isNamed(error, 'LimitExceededException')) error.name = QUOTA_USED_UP;
        throw error;
      }
    },
    { step: 'finalizeRequest', priority: 'low', name: 'quotaIsNoThrottling' },
  );
  return client;
}
