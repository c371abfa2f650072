import type { Message } from '../port.js';

/** Messages on their way from a transport to the loop that reads them. */
export interface Feed extends AsyncIterable<Message> {
  /** @param taken is called when the loop takes the message: room for another */
  push(message: Message, taken: () => void): void;
  /** What is queued is still read; then the loop ends. */
  end(): void;
}

export function makeFeed(): Feed {
  const queue: { readonly message: Message; readonly taken: () => void }[] = [];
  let wake: (() => void) | undefined;
  let ended = false;

  async function next(): Promise<IteratorResult<Message>> {
    for (;;) {
      const head = queue.shift();
      if (head !== undefined) {
        head.taken();
        return { done: false, value: head.message };
      }
      if (ended) return { done: true, value: undefined };
      await new Promise<void>(resolve => {
        wake = resolve;
      });
    }
  }

  return {
    push: (message, taken) => {
      queue.push({ message, taken });
      wake?.();
    },
    end: () => {
      ended = true;
      wake?.();
    },
    [Symbol.asyncIterator]: () => ({ next }),
  };
}
