import {
  type ACMPCAClient,
  type CertificateAuthority,
  DescribeCertificateAuthorityCommand,
  paginateListCertificateAuthorities,
} from '@aws-sdk/client-acm-pca';
import { PlatformError } from '../../../platform/errors.js';
import { asking } from './errors.js';

/** What of a private CA the rules look at. */
export interface PrivateCa {
  readonly arn: string;
  readonly type: 'root' | 'subordinate';
  /** `short-lived` issues leaves of at most 7 days, and no authorities. */
  readonly mode: 'short-lived' | 'general';
  readonly status: string;
  readonly commonName: string;
  /** Of its own certificate; absent before that is there. */
  readonly notAfter?: Date;
  /** `EC_prime256v1`, `RSA_2048`, … */
  readonly keyAlgorithm: string;
  /** `SHA256WITHECDSA`, … */
  readonly signingAlgorithm: string;
}

export async function describe(client: ACMPCAClient, arn: string): Promise<PrivateCa> {
  const { CertificateAuthority: authority } = await asking(arn, () =>
    client.send(new DescribeCertificateAuthorityCommand({ CertificateAuthorityArn: arn })),
  );
  if (authority === undefined)
    throw new PlatformError('AuthorityNotFound', `there is no ${arn}`, { where: arn });
  return toPrivateCa({ Arn: arn, ...authority });
}

/** Every private CA of this account and region, deleted ones included. */
export async function list(client: ACMPCAClient): Promise<PrivateCa[]> {
  return asking('the private CAs of the account', async () => {
    const found: PrivateCa[] = [];
    for await (const { CertificateAuthorities: page = [] } of paginateListCertificateAuthorities(
      { client },
      {},
    )) {
      found.push(...page.map(toPrivateCa));
    }
    return found;
  });
}

/** `aws`, `aws-cn` or `aws-us-gov`. */
export function partitionOf(arn: string): string {
  return arn.split(':')[1] ?? 'aws';
}

function toPrivateCa(authority: CertificateAuthority): PrivateCa {
  const { Arn, Type, UsageMode, Status, NotAfter, CertificateAuthorityConfiguration: made } = authority;
  return {
    arn: Arn ?? '',
    type: Type === 'ROOT' ? 'root' : 'subordinate',
    mode: UsageMode === 'SHORT_LIVED_CERTIFICATE' ? 'short-lived' : 'general',
    status: Status ?? 'unknown',
    commonName: made?.Subject?.CommonName ?? '',
    ...(NotAfter && { notAfter: NotAfter }),
    keyAlgorithm: made?.KeyAlgorithm ?? 'unknown',
    signingAlgorithm: made?.SigningAlgorithm ?? 'SHA256WITHECDSA',
  };
}

/** What brings a private CA out of a state in which it does not issue. Pure. */
export function fixOfStatus(status: string): string {
  return FIXES[status] ?? 'see its status: aws acm-pca describe-certificate-authority';
}

const FIXES: Readonly<Record<string, string>> = {
  CREATING: 'wait until its key is made, and run the same command again',
  PENDING_CERTIFICATE:
    'give it its certificate: sign its signing request and import it; what platform certs authority create has begun, it finishes',
  DISABLED: 'enable it: platform certs authority restore ARN',
  DELETED: 'restore it while its days last: platform certs authority restore ARN',
  EXPIRED: 'import a renewed certificate for it, or move to another one: platform certs rotate-ca',
  FAILED: 'make another one: AWS could not make its key',
};
