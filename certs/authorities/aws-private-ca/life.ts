import {
  type ACMPCAClient,
  CreateCertificateAuthorityAuditReportCommand,
  DeleteCertificateAuthorityCommand,
  DescribeCertificateAuthorityAuditReportCommand,
  RestoreCertificateAuthorityCommand,
  RevocationReason,
  RevokeCertificateCommand,
  UpdateCertificateAuthorityCommand,
} from '@aws-sdk/client-acm-pca';
import { PlatformError } from '../../../platform/errors.js';
import { describe } from './describe.js';
import { asking, isNamed } from './errors.js';
import { type Patience, poll } from './poll.js';

/** Revokes a certificate; one that is revoked already stays so. */
export async function revoke(
  client: ACMPCAClient,
  arn: string,
  /** Hexadecimal, with or without colons. */
  serial: string,
  reason: keyof typeof RevocationReason = 'UNSPECIFIED',
): Promise<void> {
  await asking(arn, async () => {
    try {
      await client.send(
        new RevokeCertificateCommand({
          CertificateAuthorityArn: arn,
          CertificateSerial: withColons(serial),
          RevocationReason: RevocationReason[reason],
        }),
      );
    } catch (error) {
      if (isNamed(error, 'RequestAlreadyProcessedException')) return;
      // AWS says the same of an authority that is not there.
      if (!isNamed(error, 'ResourceNotFoundException')) throw error;
      await describe(client, arn);
      throw new PlatformError('AuthorityRefused', `${arn} has not issued this certificate`, {
        where: arn,
        saw: `serial number ${serial}`,
        fix: 'name the authority that signed it: platform certs inspect shows the issuer; what an intermediate in the cluster has signed can not be revoked one by one',
        refused: true,
      });
    }
  });
}

export interface AuditReport {
  readonly bucket: string;
  readonly key: string;
}

/** Has AWS write every certificate that the authority issued or revoked into a bucket, and waits for it. */
export async function auditReport(
  client: ACMPCAClient,
  arn: string,
  bucket: string,
  patience: Patience & { readonly format?: 'JSON' | 'CSV' } = {},
): Promise<AuditReport> {
  return asking(arn, async () => {
    const { AuditReportId: id, S3Key: key = '' } = await client.send(
      new CreateCertificateAuthorityAuditReportCommand({
        CertificateAuthorityArn: arn,
        S3BucketName: bucket,
        AuditReportResponseFormat: patience.format ?? 'JSON',
      }),
    );
    const ask = async () => {
      const report = await client.send(
        new DescribeCertificateAuthorityAuditReportCommand({
          CertificateAuthorityArn: arn,
          AuditReportId: id,
        }),
      );
      if (report.AuditReportStatus === 'FAILED') {
        throw new PlatformError('AuthorityRefused', `the audit report of ${arn} failed`, {
          where: `s3://${bucket}/${key}`,
          fix: 'let acm-pca.amazonaws.com write into the bucket',
        });
      }
      return report.AuditReportStatus === 'SUCCESS' ? { bucket, key } : undefined;
    };
    return poll(`the audit report of ${arn}`, ask, patience);
  });
}

/** Days in which a deleted authority can be restored. */
export const RESTORE_DAYS = { least: 7, most: 30 };

/** Disables an authority and deletes it; it can be restored within the days given, and costs nothing meanwhile. */
export async function deletePrivateCa(client: ACMPCAClient, arn: string, restoreDays: number): Promise<void> {
  const { least, most } = RESTORE_DAYS;
  if (restoreDays < least || restoreDays > most) {
    throw new PlatformError('AuthorityRefused', 'the days to restore an authority are out of range', {
      saw: `${restoreDays}`,
      want: `${least} to ${most}`,
      refused: true,
    });
  }
  const { status } = await describe(client, arn);
  if (status === 'DELETED') return;
  if (status === 'ACTIVE') await setStatus(client, arn, 'DISABLED');
  await asking(arn, () =>
    client.send(
      new DeleteCertificateAuthorityCommand({
        CertificateAuthorityArn: arn,
        PermanentDeletionTimeInDays: restoreDays,
      }),
    ),
  );
}

/** Takes back a deletion; the authority issues again. */
export async function restorePrivateCa(client: ACMPCAClient, arn: string): Promise<void> {
  const { status } = await describe(client, arn);
  if (status === 'DELETED') {
    await asking(arn, () =>
      client.send(new RestoreCertificateAuthorityCommand({ CertificateAuthorityArn: arn })),
    );
  }
  if (status !== 'ACTIVE') await setStatus(client, arn, 'ACTIVE');
}

async function setStatus(client: ACMPCAClient, arn: string, status: 'ACTIVE' | 'DISABLED'): Promise<void> {
  await asking(arn, () =>
    client.send(new UpdateCertificateAuthorityCommand({ CertificateAuthorityArn: arn, Status: status })),
  );
}

function withColons(serial: string): string {
  const digits = serial.replaceAll(':', '');
  const even = digits.length % 2 === 0 ? digits : `0${digits}`;
  return (even.match(/../g) ?? []).join(':');
}
