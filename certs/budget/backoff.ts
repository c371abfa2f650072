// cert-manager marks a request that its issuer refused as failed, and asks again after 1, 2, 4 … 32 hours, counted
// from the last failure (its design "exponential backoff for certificate issuance"). The AWS issuer fails a request
// for any error, so an outage of a minute costs an hour, and one of 32 hours may cost 63.

const HOUR = 3600;
const MAX_DELAY_HOURS = 32;
/**
 * From the success of a retry to the last process that serves the new certificate: issuance, a mounted Secret that
 * follows, and Pulsar's own refresh. Measured at most 6 minutes.
 */
const UNTIL_SERVED_SECONDS = 600;
/** What must be survived: a day in which nobody can, or need, do anything. */
export const OUTAGE_TO_SURVIVE_HOURS = 24;

/** Hours after the first failure at which cert-manager tries again, below a limit: 1, 3, 7, 15, 31, 63, 95 … */
export function retriesBefore(limitHours: number): number[] {
  const retries: number[] = [];
  for (let delay = 1, at = 1; at < limitHours; delay = Math.min(delay * 2, MAX_DELAY_HOURS), at += delay) {
    retries.push(at);
  }
  return retries;
}

/**
 * The longest outage of the issuer, in whole hours, that no leaf outlives, when it begins at the worst moment: just as
 * the leaf is to be renewed. The last retry before the end of the leaf decides.
 */
export function survivedHours(renewBeforeSeconds: number): number {
  return retriesBefore((renewBeforeSeconds - UNTIL_SERVED_SECONDS) / HOUR).at(-1) ?? 0;
}

/**
 * A `renewBefore` for leaves of this life: just enough for a retry after a weekend (63 hours), or after a day when the
 * life is short, since more of it would only issue more certificates. Undefined when no value survives a day.
 */
export function chooseRenewBefore(lifeSeconds: number): number | undefined {
  const enoughFor = (hours: number) => hours * HOUR + HOUR;
  const [aDay, aWeekend] = [31, 63].map(enoughFor);
  if (aWeekend !== undefined && aWeekend <= lifeSeconds / 2) return aWeekend;
  return aDay !== undefined && aDay < lifeSeconds ? aDay : undefined;
}
