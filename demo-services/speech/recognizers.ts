import PQueue from 'p-queue';
import { type Recognizer, type RecognizerProps, startRecognizer, type Word } from './recognizer.js';

export interface Recognizers {
  /** Whether one of them can be asked. */
  readonly ready: boolean;
  /** Recordings that wait for a free one. */
  readonly waiting: number;
  readonly pids: readonly number[];
  /** Of a process that dies over a recording, the recording is tried once more on a fresh one. */
  recognize(pcm: Int16Array, signal?: AbortSignal): Promise<readonly Word[]>;
  close(): void;
}

export interface RecognizersProps extends RecognizerProps {
  readonly processes: number;
}

/** Between the end of a process and its successor: one that can't start must not take a core. */
const RESTART_MS = 500;

interface Slot {
  recognizer: Recognizer;
}

/** Speech-recognition processes behind one queue: one for each core that may be used. */
export function recognizers({ processes, ...props }: RecognizersProps): Recognizers {
  const queue = new PQueue({ concurrency: processes });
  let closed = false;

  const fill = (slot: Partial<Slot>): Slot => {
    const recognizer = startRecognizer(props, () => {
      if (!closed) setTimeout(() => slot.recognizer === recognizer && fill(slot), RESTART_MS).unref();
    });
    return Object.assign(slot, { recognizer });
  };
  const slots = Array.from({ length: processes }, () => fill({}));
  const free = [...slots];

  const ask = async (pcm: Int16Array) => {
    // As many run at a time as there are slots, so one is free.
    const slot = free.shift();
    if (slot === undefined) throw new RangeError('more recordings than recognizers');
    try {
      return await slot.recognizer.ask(pcm);
    } catch (error) {
      if (closed) throw error;
      return await fill(slot).recognizer.ask(pcm);
    } finally {
      free.push(slot);
    }
  };

  return {
    get ready() {
      return slots.some(({ recognizer }) => recognizer.ready);
    },
    get waiting() {
      return queue.size;
    },
    get pids() {
      return slots.flatMap(({ recognizer }) => recognizer.pid ?? []);
    },
    recognize: (pcm, signal) => queue.add(() => ask(pcm), { ...(signal && { signal }) }),
    close: () => {
      closed = true;
      queue.clear();
      for (const { recognizer } of slots) recognizer.kill();
    },
  };
}
