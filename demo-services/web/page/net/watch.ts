/** Looks after something that is on its way. */
export interface Watch {
  /** Aborts when it comes no further. */
  readonly signal: AbortSignal;
  /** It has come further. */
  readonly onward: () => void;
  readonly end: () => void;
}

/** So long nothing may move on a connection, ms: a dead one says nothing, and holds up whatever waits behind it. */
const PATIENCE_MS = 20_000;

/** @param caller may abort it too */
export function watch(caller?: AbortSignal): Watch {
  const over = new AbortController();
  const abort = () => over.abort();
  let timer = setTimeout(abort, PATIENCE_MS);
  addEventListener('offline', abort);
  caller?.addEventListener('abort', abort);
  if (caller?.aborted) abort();
  return {
    signal: over.signal,
    onward: () => {
      clearTimeout(timer);
      timer = setTimeout(abort, PATIENCE_MS);
    },
    end: () => {
      clearTimeout(timer);
      removeEventListener('offline', abort);
      caller?.removeEventListener('abort', abort);
    },
  };
}
