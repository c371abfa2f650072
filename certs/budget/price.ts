import { PRIVATE_CA, perTier } from '../../platform/plan/private-ca.js';

/** Who issues, as far as its price goes. */
export type Issuer =
  /** One private CA for leaves of at most 7 days. */
  | 'pca-short-lived'
  /** A general private CA below a root in AWS. */
  | 'pca-general'
  /** A private CA that somebody else pays for; only its certificates are ours to pay. */
  | 'pca-existing-short-lived'
  | 'pca-existing-general'
  /** A general private CA signs one intermediate, which signs the leaves for nothing. */
  | 'pca-subordinate'
  | 'pca-existing-subordinate'
  /** Let's Encrypt, or an authority of our own. */
  | 'free';

const { general, 'short-lived': shortLived } = PRIVATE_CA.authorityUsd;

/** USD a month for each authority. */
const AUTHORITIES: Readonly<Record<Issuer, number>> = {
  'pca-short-lived': shortLived,
  'pca-general': 2 * general,
  'pca-existing-short-lived': 0,
  'pca-existing-general': 0,
  'pca-subordinate': general,
  'pca-existing-subordinate': 0,
  free: 0,
};

/** USD a month for the authorities themselves. */
export function authorityPrice(issuer: Issuer): number {
  return AUTHORITIES[issuer];
}

/** USD for this many certificates in a month. */
export function certificatePrice(issuer: Issuer, count: number): number {
  if (issuer === 'free') return 0;
  if (issuer.endsWith('short-lived')) return count * PRIVATE_CA.shortLivedUsd;
  return perTier(count).reduce((sum, tier) => sum + tier.count * tier.usd, 0);
}
