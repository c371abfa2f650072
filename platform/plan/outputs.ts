/**
 * What only a deployment knows. The stacks export exactly these fields and the charts take exactly these; nothing
 * else crosses. Whatever can be a name computed from the config is one instead.
 */
export interface Outputs {
  /** AWS account: part of the host of the image registry. */
  readonly account: string;
  /** Roots that everybody in the cluster trusts, PEM; several while a root is replaced. */
  readonly trustedRoots: string;
  /** The private CA that the issuer asks. Absent without AWS Private CA. */
  readonly privateCaArn?: string;
  /** Route 53 zone in which cert-manager proves the domain. Absent without Let's Encrypt. */
  readonly hostedZoneId?: string;
  /** Name servers of a new zone, which its parent must delegate to. Comma-separated. Absent where no zone is made. */
  readonly nameServers?: string;
}
