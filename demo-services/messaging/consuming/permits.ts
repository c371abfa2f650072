/** Permits that remain after a bulk are granted after this time, ms. */
const DELAY_MS = 20;

/** Grants the transport new messages for settled ones: in bulk while many are settled, soon when few are. */
export interface Permits {
  /** Places that have become free. */
  free(count: number): void;
  stop(): void;
}

export function makePermits(window: number, grant: (count: number) => void): Permits {
  let freed = 0;
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
  const flush = () => {
    clearTimeout(timer);
    timer = undefined;
    if (freed > 0) grant(freed);
    freed = 0;
  };
  return {
    free: count => {
      if (stopped) return;
      freed += count;
      if (freed * 2 >= window) flush();
      else timer ??= setTimeout(flush, DELAY_MS);
    },
    stop: () => {
      stopped = true;
      clearTimeout(timer);
    },
  };
}
