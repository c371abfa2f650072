/** What has begun together, as far as somebody waits for it. */
export interface Wave {
  count: number;
  ended?: () => void;
}

export interface Tally {
  /** @returns what to hand to `end` */
  begin(): Wave;
  end(wave: Wave): void;
  /** Resolves when all that has begun so far has ended. */
  ended(): Promise<void>;
}

/**
 * Counts what is under way. Numbers, not a set of promises: that would cost more than all else that is done here for a
 * message.
 */
export function makeTally(): Tally {
  let wave: Wave = { count: 0 };
  /** All earlier waves. */
  let before: Promise<void> = Promise.resolve();
  return {
    begin: () => {
      wave.count++;
      return wave;
    },
    end: its => {
      its.count--;
      if (its.count === 0) its.ended?.();
    },
    ended: () => {
      if (wave.count === 0) return before;
      const last = wave;
      wave = { count: 0 };
      const ending = new Promise<void>(resolve => {
        last.ended = resolve;
      });
      before = before.then(() => ending);
      return before;
    },
  };
}
