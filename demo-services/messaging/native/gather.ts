/**
 * Gathers what comes within a time, and hands it over together.
 *
 * @param take gets what was gathered, in the order of its coming
 */
export function gather<Item>(delayMs: number, take: (items: readonly Item[]) => void) {
  let items: Item[] = [];
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
  return {
    add(item: Item): void {
      if (stopped) return;
      items.push(item);
      timer ??= setTimeout(() => {
        const gathered = items;
        items = [];
        timer = undefined;
        take(gathered);
      }, delayMs);
    },
    /** Forgets what is not handed over, and all that follows. */
    stop(): void {
      clearTimeout(timer);
      stopped = true;
    },
  };
}
