/** Facts of AWS Private CA: what it calls the algorithms of the config, and what it asks (list prices, USD). */
export const PRIVATE_CA = {
  algorithms: {
    'ecdsa-p256': { key: 'EC_prime256v1', signing: 'SHA256WITHECDSA' },
    'rsa-2048': { key: 'RSA_2048', signing: 'SHA256WITHRSA' },
    'rsa-3072': { key: 'RSA_3072', signing: 'SHA256WITHRSA' },
    'rsa-4096': { key: 'RSA_4096', signing: 'SHA256WITHRSA' },
  },
  /** A month for each authority. */
  authorityUsd: { general: 400, 'short-lived': 50 },
  /** For each certificate of a short-lived CA. */
  shortLivedUsd: 0.058,
  /** For each certificate of a general CA, by how many there are in the month. */
  generalTiers: [
    { upTo: 1_000, usd: 0.75 },
    { upTo: 10_000, usd: 0.35 },
    { upTo: Number.POSITIVE_INFINITY, usd: 0.001 },
  ],
} as const;

export { INTERMEDIATE_LIFE } from '../config/facts/authorities.js';

/** How many of this many certificates of a general CA are in each tier. Pure. */
export function perTier(count: number): { readonly usd: number; readonly count: number }[] {
  let below = 0;
  return PRIVATE_CA.generalTiers.map(({ upTo, usd }) => {
    const within = Math.max(0, Math.min(count, upTo) - below);
    below = upTo;
    return { usd, count: within };
  });
}

export const HOURS_PER_MONTH = 730;

/** Certificates that are issued in a month, each anew when `renewBefore` of its life is left. Pure. */
export function issuedPerMonth(
  certificates: number,
  { hours, renewBeforeHours }: { readonly hours: number; readonly renewBeforeHours: number },
): number {
  const used = hours - renewBeforeHours;
  return used > 0 ? (certificates * HOURS_PER_MONTH) / used : 0;
}
