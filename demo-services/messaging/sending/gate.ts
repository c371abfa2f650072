export interface Gate {
  /** Resolves when there is room; undefined if there is room now. First come, first served. */
  enter(bytes: number): Promise<void> | undefined;
  leave(bytes: number): void;
}

/** Bounds what is under way, by number and by bytes. One that is larger than all the bytes enters alone. */
export function makeGate(maxCount: number, maxBytes: number): Gate {
  const queue: { readonly bytes: number; readonly open: () => void }[] = [];
  let count = 0;
  let sum = 0;
  const hasRoom = (bytes: number) => count === 0 || (count < maxCount && sum + bytes <= maxBytes);
  const take = (bytes: number) => {
    count++;
    sum += bytes;
  };
  return {
    enter: bytes => {
      if (queue.length === 0 && hasRoom(bytes)) {
        take(bytes);
        return undefined;
      }
      return new Promise(open => queue.push({ bytes, open }));
    },
    leave: bytes => {
      count--;
      sum -= bytes;
      for (let next = queue[0]; next !== undefined && hasRoom(next.bytes); next = queue[0]) {
        queue.shift();
        take(next.bytes);
        next.open();
      }
    },
  };
}
