/** A bookie, as its cluster sees it. */
export interface BookieFact {
  readonly ordinal: number;
  readonly state: 'writable' | 'readOnly' | 'down';
  /** Whether the metadata knows the disk that it had. */
  readonly cookie: boolean;
  /** Ledgers of which it holds a copy. */
  readonly ledgers: number;
}

/** What is so. Where a change stands is seen from this, and not from what an earlier run remembers. */
export interface BookieFacts {
  /** Of the StatefulSet: ordinals 0 to replicas - 1 run. */
  readonly replicas: number;
  readonly bookies: readonly BookieFact[];
  /** Ledgers with too few copies. */
  readonly underReplicated: number;
}

/** What is kept of a change, so that a later run goes on with it. */
export interface ScaleState {
  readonly version: 1;
  readonly to: number;
  /** The bookie that leaves now, and until when its ledgers must be elsewhere. ISO 8601. */
  readonly leaving?: { readonly ordinal: number; readonly until: string };
  /** Time ran out: the bookie is made writable again, and the change ends. */
  readonly reverting?: boolean;
}

export type ScaleStep =
  /** Ledgers have too few copies already: nobody leaves. */
  | { readonly kind: 'awaitReplicated' }
  /** Note who leaves, and until when. */
  | { readonly kind: 'begin'; readonly ordinal: number }
  | { readonly kind: 'setReadOnly'; readonly ordinal: number }
  /** Copy what it holds to others. It serves reads meanwhile, so that no ledger ever has fewer copies. */
  | { readonly kind: 'drain'; readonly ordinal: number }
  | { readonly kind: 'awaitDrained'; readonly ordinal: number }
  /** Forget its disk: it could not come back with it by mistake. */
  | { readonly kind: 'retireCookie'; readonly ordinal: number }
  /** One ordinal fewer. Its disk stays. */
  | { readonly kind: 'scale'; readonly replicas: number }
  | { readonly kind: 'note'; readonly left: number }
  | { readonly kind: 'revert' }
  | { readonly kind: 'setWritable'; readonly ordinal: number }
  | { readonly kind: 'giveUp' }
  | { readonly kind: 'done' };

/** The next step from what is so to what is wanted. Pure: a run that was killed anywhere goes on by asking again. */
export function nextStep(state: ScaleState, facts: BookieFacts, now: Date): ScaleStep {
  const { leaving, reverting, to } = state;
  if (reverting && leaving !== undefined) {
    const bookie = bookieOf(facts, leaving.ordinal);
    return bookie?.state === 'readOnly'
      ? { kind: 'setWritable', ordinal: leaving.ordinal }
      : bookie?.state === 'writable'
        ? { kind: 'giveUp' }
        : { kind: 'awaitReplicated' };
  }
  if (leaving !== undefined && facts.replicas <= leaving.ordinal)
    return { kind: 'note', left: leaving.ordinal };
  if (facts.replicas <= to) return { kind: 'done' };
  // A StatefulSet takes the highest ordinal away, by number: 10 leaves before 9.
  const ordinal = facts.replicas - 1;
  if (leaving === undefined) {
    return facts.underReplicated > 0 ? { kind: 'awaitReplicated' } : { kind: 'begin', ordinal };
  }
  return leavingStep(bookieOf(facts, ordinal), ordinal, facts, new Date(leaving.until) < now);
}

function leavingStep(
  bookie: BookieFact | undefined,
  ordinal: number,
  { replicas, underReplicated }: BookieFacts,
  late: boolean,
): ScaleStep {
  // Past its cookie nothing is left on it, and there is no way back.
  if (bookie !== undefined && !bookie.cookie && bookie.ledgers === 0) {
    return { kind: 'scale', replicas: replicas - 1 };
  }
  if (late) return { kind: 'revert' };
  if (bookie === undefined || bookie.state === 'down') return { kind: 'awaitDrained', ordinal };
  if (bookie.state === 'writable') return { kind: 'setReadOnly', ordinal };
  if (bookie.ledgers > 0) return { kind: 'drain', ordinal };
  if (underReplicated > 0) return { kind: 'awaitDrained', ordinal };
  return { kind: 'retireCookie', ordinal };
}

function bookieOf({ bookies }: BookieFacts, ordinal: number): BookieFact | undefined {
  return bookies.find(bookie => bookie.ordinal === ordinal);
}
