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

/** USD a month for each authority (AWS list prices, US East, 2026). */
const AUTHORITIES: Readonly<Record<Issuer, number>> = {
  'pca-short-lived': 50,
  'pca-general': 800,
  'pca-existing-short-lived': 0,
  'pca-existing-general': 0,
  'pca-subordinate': 400,
  'pca-existing-subordinate': 0,
  free: 0,
};
const SHORT_LIVED_USD = 0.058;
/** USD for each certificate of a general CA, by how many there are in the month. */
const GENERAL_TIERS = [
  { upTo: 1_000, usd: 0.75 },
  { upTo: 10_000, usd: 0.35 },
  { upTo: Number.POSITIVE_INFINITY, usd: 0.001 },
];

/** USD a month for the authorities themselves. */
export function authorityPrice(issuer: Issuer): number {
  return AUTHORITIES[issuer];
}

/** USD for this many certificates in a month. */
export function certificatePrice(issuer: Issuer, count: number): number {
  if (issuer === 'free') return 0;
  if (issuer.endsWith('short-lived')) return count * SHORT_LIVED_USD;
  let [usd, below] = [0, 0];
  for (const tier of GENERAL_TIERS) {
    usd += Math.max(0, Math.min(count, tier.upTo) - below) * tier.usd;
    below = tier.upTo;
  }
  return usd;
}
