const DAY_HOURS = 24;
const YEAR_HOURS = 365 * DAY_HOURS;

/** How long the certificates live that the kit's own authorities have. */
export const AUTHORITY_LIVES = {
  rootHours: 10 * YEAR_HOURS,
  /** A subordinate CA in AWS. */
  subordinateHours: 5 * YEAR_HOURS,
} as const;

/** The intermediate that signs leaves in the cluster, where a CA of AWS signs nothing else: its life and renewal. */
export const INTERMEDIATE_LIFE = { hours: YEAR_HOURS, renewBeforeHours: YEAR_HOURS / 3 } as const;

/** The renewal of an intermediate may come so late without a leaf that outlives the one that signed it. */
const RENEWAL_MAY_BE_LATE_HOURS = 31 * DAY_HOURS;

/**
 * A leaf of the last hour before the intermediate is renewed still ends before that one does, with time for the renewal to
 * fail and be tried again: nothing has to be issued in haste, and no chain ends in its middle.
 */
export const LONGEST_LEAF_OF_INTERMEDIATE_HOURS =
  Math.floor((INTERMEDIATE_LIFE.renewBeforeHours - RENEWAL_MAY_BE_LATE_HOURS) / DAY_HOURS) * DAY_HOURS;
