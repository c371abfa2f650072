import { setImmediate as turn } from 'node:timers/promises';

/** What arrives together, together: whatever is there at once, up to a limit. */
export async function* batches<Item>(
  source: AsyncIterable<Item>,
  max: number,
): AsyncGenerator<readonly Item[]> {
  const items = source[Symbol.asyncIterator]();
  let next = items.next();
  for (;;) {
    const batch: Item[] = [];
    let arrived: IteratorResult<Item> | undefined = await next;
    while (arrived !== undefined) {
      if (arrived.done) {
        if (batch.length > 0) yield batch;
        return;
      }
      batch.push(arrived.value);
      next = items.next();
      arrived = batch.length < max ? await Promise.race([next, turn(undefined)]) : undefined;
    }
    yield batch;
  }
}

/** Ends when nothing has come for some time, ms. */
export async function* untilIdle<Item>(source: AsyncIterable<Item>, idleMs: number): AsyncGenerator<Item> {
  const items = source[Symbol.asyncIterator]();
  for (;;) {
    const { promise: idle, cancel } = afterMs(idleMs);
    const arrived = await Promise.race([items.next(), idle]);
    cancel();
    if (arrived === undefined || arrived.done) return;
    yield arrived.value;
  }
}

function afterMs(ms: number): { readonly promise: Promise<undefined>; readonly cancel: () => void } {
  let timer: NodeJS.Timeout | undefined;
  const promise = new Promise<undefined>(resolve => {
    timer = setTimeout(() => resolve(undefined), ms);
  });
  return { promise, cancel: () => clearTimeout(timer) };
}
