/**
 * A queue of several lanes: items of one lane leave one after the other, each only when the one before it is finished;
 * lanes are independent.
 */
export interface Lanes<Item> {
  add(item: Item): void;
  /** The next item that may be worked on; its lane is closed until `finish` or `again`. */
  take(): Item | undefined;
  /** The item is done with: its lane goes on. */
  finish(item: Item): void;
  /** The item is to be taken once more, before what follows it in its lane. */
  again(item: Item): void;
  /** Forgets every item that isn't taken, and returns them. */
  clear(): Item[];
}

/** @param laneOf the lane of an item; undefined for one that follows nothing and that nothing follows */
export function makeLanes<Item>(laneOf: (item: Item) => string | undefined): Lanes<Item> {
  /** Items that may be taken now. */
  let ready: Item[] = [];
  /** Of each lane whose first item is ready or taken: what waits behind it. */
  const waiting = new Map<string, Item[]>();
  return {
    add: item => {
      const lane = laneOf(item);
      const behind = lane === undefined ? undefined : waiting.get(lane);
      if (behind !== undefined) {
        behind.push(item);
        return;
      }
      if (lane !== undefined) waiting.set(lane, []);
      ready.push(item);
    },
    take: () => ready.shift(),
    finish: item => {
      const lane = laneOf(item);
      if (lane === undefined) return;
      const next = waiting.get(lane)?.shift();
      if (next === undefined) waiting.delete(lane);
      else ready.push(next);
    },
    again: item => {
      ready.push(item);
    },
    clear: () => {
      const cleared = [...ready, ...[...waiting.values()].flat()];
      for (const item of ready) {
        const lane = laneOf(item);
        if (lane !== undefined) waiting.delete(lane);
      }
      ready = [];
      for (const behind of waiting.values()) behind.length = 0;
      return cleared;
    },
  };
}
