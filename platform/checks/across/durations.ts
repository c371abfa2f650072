const UNITS: Readonly<Record<string, number>> = { h: 3600, m: 60, s: 1 };

/** Go's durations: `2160h`, `1h30m` → seconds. */
export function goSeconds(text: unknown): number | undefined {
  const parts = [...String(text ?? '').matchAll(/(\d+(?:\.\d+)?)(h|m|s)/g)];
  if (parts.length === 0) return undefined;
  return parts.reduce((sum, [, number, unit]) => sum + Number(number) * (UNITS[unit ?? ''] ?? 0), 0);
}

/** cert-manager's own: 90 days, and a third of the life before its end. */
export function lifeOf(spec: Readonly<Record<string, unknown>>): { duration: number; renewBefore: number } {
  const duration = goSeconds(spec['duration']) ?? 90 * 86_400;
  const percentage = Number(spec['renewBeforePercentage']);
  const share = percentage > 0 ? (duration * percentage) / 100 : duration / 3;
  return { duration, renewBefore: goSeconds(spec['renewBefore']) ?? share };
}

/**
 * Hours after the first failed renewal at which cert-manager tries again: 1, 2, 4 … 32 hours apart.
 * Source: https://github.com/cert-manager/cert-manager/issues/6378
 */
export const RETRY_HOURS = [1, 3, 7, 15, 31, 63] as const;
