/** What has not come by then won't: later it is wanted again, by somebody who moved the subscription. */
const EXPECTED_MS = 30_000;

/**
 * A message that is being handled when its connection breaks is handed out again, and its copy may wait in the gateway
 * until the handler has ended. Then it needs an acknowledgement, and no second handling.
 */
export interface Copies {
  /** A connection broke while these were in hand. */
  lost(messageIds: Iterable<string>): void;
  acknowledged(messageId: string): void;
  /** Whether this, which has just come, is a copy of a message that was acknowledged since the connection broke. */
  isDone(messageId: string): boolean;
  /** What comes from now on is no copy. */
  clear(): void;
}

export function expectCopies(): Copies {
  const inHand = new Set<string>();
  /** When each was acknowledged. */
  const done = new Map<string, number>();
  return {
    lost: messageIds => {
      done.clear();
      for (const id of messageIds) inHand.add(id);
    },
    acknowledged: messageId => {
      if (inHand.delete(messageId)) done.set(messageId, Date.now());
    },
    isDone: messageId => {
      inHand.delete(messageId);
      const time = done.get(messageId);
      done.delete(messageId);
      return time !== undefined && Date.now() - time < EXPECTED_MS;
    },
    clear: () => {
      inHand.clear();
      done.clear();
    },
  };
}
