import { toSeconds } from '../../../platform/config/index.js';
import { type ClusterPlan, NAMESPACES } from '../../../platform/plan/index.js';
import { type Alert, critical, warning } from './alert.js';

/** One failure is that of a certificate; several at once are those of the authority. */
const SEVERAL = 3;

export function certificateAlerts({ config }: ClusterPlan): Alert[] {
  const renewBefore = toSeconds(config.tls.renewBefore);
  const late = Math.floor(renewBefore / 4);
  return [
    critical(
      'AuthorityDoesNotIssue',
      `count(certmanager_certificate_ready_status{condition="False"} == 1) >= ${SEVERAL}`,
      '15m',
      {
        summary: 'several certificates are not issued',
        description:
          'The issuer or its authority refuses, or is away. What is served goes on until its certificates end.',
        runbook: 'replace-the-authority',
      },
    ),
    warning('CertificateNotReady', 'certmanager_certificate_ready_status{condition="True"} == 0', '15m', {
      summary: 'certificate {{ $labels.namespace }}/{{ $labels.name }} is not issued',
    }),
    warning(
      'CertificateRenewalLate',
      `time() - (certmanager_certificate_renewal_timestamp_seconds > 0) > ${late}`,
      '10m',
      {
        summary: 'certificate {{ $labels.namespace }}/{{ $labels.name }} should have been renewed',
        description:
          'After a failure cert-manager tries again after 1, 2, 4 … 32 hours: cmctl renew asks at once.',
      },
    ),
    critical(
      'CertificateExpires',
      `(certmanager_certificate_expiration_timestamp_seconds > 0) - time() < ${late}`,
      '5m',
      {
        summary:
          'certificate {{ $labels.namespace }}/{{ $labels.name }} ends in {{ $value | humanizeDuration }}',
        runbook: 'replace-the-authority',
      },
    ),
    // A renewed certificate is of use when it is served: the process tells what it serves.
    warning(
      'CertificateNotServed',
      [
        `max by (service) (label_replace(certmanager_certificate_expiration_timestamp_seconds{namespace="${NAMESPACES.services}"}, "service", "$1", "name", "(.+)-tls"))`,
        '- on (service) min by (service) (service_certificate_expiry_timestamp_seconds) > 1',
      ].join(' '),
      '15m',
      { summary: '{{ $labels.service }} serves an older certificate than the one it was given' },
    ),
  ];
}
