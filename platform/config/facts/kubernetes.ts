export interface EksVersion {
  readonly version: string;
  /** First day of extended support, at six times the price; unknown when AWS has not said it yet. */
  readonly standardUntil?: string;
  /** Day on which EKS upgrades the cluster by itself. */
  readonly extendedUntil?: string;
}

/** Source: https://docs.aws.amazon.com/eks/latest/userguide/kubernetes-versions.html; dates in UTC. */
export const EKS_VERSIONS: readonly EksVersion[] = [
  { version: '1.31', standardUntil: '2025-11-26', extendedUntil: '2026-11-26' },
  { version: '1.32', standardUntil: '2026-03-23', extendedUntil: '2027-03-23' },
  { version: '1.33', standardUntil: '2026-07-29', extendedUntil: '2027-07-29' },
  { version: '1.34', standardUntil: '2026-12-02', extendedUntil: '2027-12-02' },
  { version: '1.35', standardUntil: '2027-03-27', extendedUntil: '2028-03-27' },
  { version: '1.36' },
];
