import { type Finding, finding } from '../../platform/errors.js';
import { INTERMEDIATE_LIFE, issuedPerMonth } from '../../platform/plan/private-ca.js';
import { chooseRenewBefore, OUTAGE_TO_SURVIVE_HOURS, retriesBefore, survivedHours } from './backoff.js';
import { authorityPrice, certificatePrice, type Issuer } from './price.js';

export interface BudgetInput {
  readonly issuer: Issuer;
  /** Certificates that are renewed; the pods of a workload share one. */
  readonly certificates: number;
  readonly leafSeconds: number;
  readonly renewBeforeSeconds: number;
}

/** What a choice of durations costs in a month, and what it survives. */
export interface Budget {
  /** Issued for renewals; in `pca-subordinate` mode by the intermediate, not by AWS. */
  readonly certificatesPerMonth: number;
  /** USD a month for the certificates that AWS issues. */
  readonly price: number;
  /** USD a month for the authorities. */
  readonly authorityPrice: number;
  /** The longest outage of the issuer that expires no leaf. */
  readonly survivesOutageHours: number;
  /** Hours after a first failure at which cert-manager tries again while the leaf is valid. */
  readonly retriesAtHours: readonly number[];
  /** What of AWS' quota a renewal of all certificates at once takes. */
  readonly quota: { readonly callsPerSecond: number; readonly burst: number; readonly burstSeconds: number };
  readonly leafHours: number;
  readonly renewBeforeHours: number;
  /** What we would choose for this life. Absent when no choice survives a day. */
  readonly recommended?: Omit<Budget, 'recommended' | 'quota' | 'findings' | 'retriesAtHours'>;
  readonly findings: readonly Finding[];
}

const HOUR = 3600;
/** AWS' quota of IssueCertificate calls of an account and region. */
const CALLS_PER_SECOND = 25;

/** Pure. */
export function budgetOf(input: BudgetInput): Budget {
  const { leafSeconds, renewBeforeSeconds, certificates } = input;
  const chosen = chooseRenewBefore(leafSeconds);
  return {
    ...figuresOf(input),
    retriesAtHours: retriesBefore(renewBeforeSeconds / HOUR),
    quota: {
      callsPerSecond: CALLS_PER_SECOND,
      burst: certificates,
      burstSeconds: Math.ceil(certificates / CALLS_PER_SECOND),
    },
    ...(chosen !== undefined && { recommended: figuresOf({ ...input, renewBeforeSeconds: chosen }) }),
    findings: findingsOf(input, chosen),
  };
}

function figuresOf({ issuer, certificates, leafSeconds, renewBeforeSeconds }: BudgetInput) {
  const leaf = { hours: leafSeconds / HOUR, renewBeforeHours: renewBeforeSeconds / HOUR };
  const perMonth = issuedPerMonth(certificates, leaf);
  const byAws = issuer.endsWith('subordinate') ? issuedPerMonth(1, INTERMEDIATE_LIFE) : perMonth;
  return {
    certificatesPerMonth: round(perMonth),
    price: round(certificatePrice(issuer, byAws)),
    authorityPrice: authorityPrice(issuer),
    survivesOutageHours: survivedHours(renewBeforeSeconds),
    leafHours: round(leafSeconds / HOUR),
    renewBeforeHours: round(renewBeforeSeconds / HOUR),
  };
}

function findingsOf({ leafSeconds, renewBeforeSeconds }: BudgetInput, chosen: number | undefined): Finding[] {
  const survived = survivedHours(renewBeforeSeconds);
  const where = { path: 'tls.renewBefore' };
  if (renewBeforeSeconds >= leafSeconds) {
    return [
      finding('RenewBeforeUnfit', 'a certificate can not be renewed before its beginning', {
        where,
        saw: `${renewBeforeSeconds / HOUR} h`,
        want: `< ${leafSeconds / HOUR} h`,
      }),
    ];
  }
  if (survived >= OUTAGE_TO_SURVIVE_HOURS) return [];
  return [
    finding(
      'OutageExpiresLeaves',
      `an outage of the issuer of more than ${survived} hours lets leaves expire`,
      {
        where,
        saw: `${renewBeforeSeconds / HOUR} h before the end`,
        want: chosen === undefined ? 'leaves of at least 33 hours' : `>= ${chosen / HOUR} h`,
        fix:
          chosen === undefined
            ? 'set tls.leafDuration to 48h or more: in a shorter life no retry comes after a day of outage'
            : `set tls.renewBefore: ${chosen / HOUR}h`,
        source: 'https://cert-manager.io/docs/faq/#what-happens-if-issuance-fails-will-it-be-retried',
      },
    ),
  ];
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
