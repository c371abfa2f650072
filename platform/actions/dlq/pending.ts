/** How far a subscription is: what of a topic it has settled. As Pulsar's `internalStats` tell it. */
export interface CursorState {
  /** `ledger:entry`; everything up to it is settled. */
  readonly markDeletePosition: string;
  /** Ranges that are settled beyond it: `[(12:5..12:7],(13:-1..13:0]]`. */
  readonly individuallyDeletedMessages: string;
}

interface Position {
  readonly ledger: bigint;
  readonly entry: bigint;
}

/** Whether a message of this id is still to be settled. Pure. */
export function isPending(id: string, cursor: CursorState): boolean {
  const at = positionOf(id);
  const settled = positionOf(cursor.markDeletePosition);
  if (!isAfter(at, settled)) return false;
  return !rangesOf(cursor.individuallyDeletedMessages).some(
    ({ after, upTo }) => isAfter(at, after) && !isAfter(at, upTo),
  );
}

function rangesOf(text: string): { readonly after: Position; readonly upTo: Position }[] {
  return [...text.matchAll(/\((-?\d+:-?\d+)\.\.(-?\d+:-?\d+)\]/g)].map(([, after = '', upTo = '']) => ({
    after: positionOf(after),
    upTo: positionOf(upTo),
  }));
}

/** The first two parts of a message id: those that order the entries of a topic. */
function positionOf(id: string): Position {
  const [ledger = '-1', entry = '-1'] = id.split(':');
  return { ledger: BigInt(ledger), entry: BigInt(entry) };
}

function isAfter(a: Position, b: Position): boolean {
  return a.ledger > b.ledger || (a.ledger === b.ledger && a.entry > b.entry);
}
