import {
  type AuditReport,
  auditReport,
  deletePrivateCa,
  describePrivateCa,
  ensurePrivateCa,
  listPrivateCas,
  newRoot,
  type PrivateCa,
  privateCaClient,
  restorePrivateCa,
  revoke,
} from '../../../certs/authorities/aws-private-ca/index.js';
import { PlatformError } from '../../errors.js';
import type { KeyAlgorithm } from '../../plan/index.js';
import type { Report } from '../../report.js';

export interface CreateAuthorityOptions {
  readonly region: string;
  readonly commonName: string;
  /** Whose it is: the tag `platform`. */
  readonly owner: string;
  readonly mode: PrivateCa['mode'];
  readonly algorithm: KeyAlgorithm;
  /** `itself`, `own-root` (a root of ours that signs once and is forgotten), or the ARN of a general private CA. */
  readonly signedBy: string;
  readonly days: number;
  readonly report: Report;
}

/** Brings a private CA to life, or finds the one that is there. It costs money from then on. */
export async function createAuthority(options: CreateAuthorityOptions): Promise<PrivateCa> {
  const { region, signedBy, ...rest } = options;
  const signer =
    signedBy === 'itself'
      ? 'itself'
      : signedBy === 'own-root'
        ? await newRoot(`${options.commonName} root`, options.algorithm)
        : { arn: signedBy };
  return ensurePrivateCa({ ...rest, client: privateCaClient({ region }), signedBy: signer });
}

export async function listAuthorities(region: string): Promise<PrivateCa[]> {
  return listPrivateCas(privateCaClient({ region }));
}

export async function revokeCertificate(
  arn: string,
  serial: string,
  reason: Parameters<typeof revoke>[3],
): Promise<void> {
  await revoke(clientFor(arn), arn, serial, reason);
}

export async function reportOfAuthority(arn: string, bucket: string): Promise<AuditReport> {
  return auditReport(clientFor(arn), arn, bucket);
}

/**
 * Disables an authority and deletes it. Everything that it has issued becomes impossible to renew, so its name must be
 * said.
 *
 * @throws PlatformError AuthorityNameWrong
 */
export async function deleteAuthority(arn: string, name: string, restoreDays: number): Promise<PrivateCa> {
  const client = clientFor(arn);
  const { commonName } = await describePrivateCa(client, arn);
  if (commonName !== name) {
    throw new PlatformError('AuthorityNameWrong', 'the name is not that of the authority', {
      where: arn,
      saw: name,
      want: commonName,
      refused: true,
    });
  }
  await deletePrivateCa(client, arn, restoreDays);
  return describePrivateCa(client, arn);
}

export async function restoreAuthority(arn: string): Promise<PrivateCa> {
  const client = clientFor(arn);
  await restorePrivateCa(client, arn);
  return describePrivateCa(client, arn);
}

/** @throws PlatformError AuthorityNotFound, when it is no ARN */
function clientFor(arn: string) {
  const [, , service, region] = arn.split(':');
  if (service !== 'acm-pca' || !region) {
    throw new PlatformError('AuthorityNotFound', `"${arn}" is no ARN of a private CA`, {
      want: 'arn:aws:acm-pca:REGION:ACCOUNT:certificate-authority/ID',
      refused: true,
    });
  }
  return privateCaClient({ region });
}
