import { STREAM_WINDOW_BYTES } from '../../api/limits.js';
import type { StreamDown, StreamUp } from '../../api/stream.js';

/** What the store has of a recording that was streamed. */
export type Streamed = Omit<Extract<StreamDown, { type: 'stored' }>, 'type'>;

export interface Speech {
  /** The next chunk of the recorder. */
  readonly take: (chunk: Blob) => void;
  /** No more comes. @returns what is stored, or undefined when the recording must be uploaded; never rejects */
  readonly finish: () => Promise<Streamed | undefined>;
  /** Nothing of it is to be stored. */
  readonly abandon: () => void;
}

/** What may wait in the browser on its way out, bytes: 16 seconds of speech. */
const MAX_BUFFERED = 64 * 1024;
/** So long after the end nothing may be heard before the recording is uploaded instead, ms. */
const PATIENCE_MS = 5_000;

/**
 * Streams a recording while it is made: api/stream.ts. On a slow line, or while the engine is behind, chunks wait here
 * and captions come later: none is left out, for what is stored would have a hole.
 *
 * @param understood is told all that is understood so far, and undefined when no more captions come
 */
export function speak(
  socket: WebSocket,
  contentType: string,
  understood: (text: string | undefined) => void,
): Speech {
  const waiting: Blob[] = [];
  let sent = 0;
  let taken = 0;
  let finishing = false;
  let saidEnd = false;
  let ended = false;
  let patience: ReturnType<typeof setTimeout> | undefined;
  let settle: (stored: Streamed | undefined) => void = () => undefined;
  const result = new Promise<Streamed | undefined>(resolve => {
    settle = resolve;
  });

  const end = (stored?: Streamed) => {
    if (ended) return;
    ended = true;
    clearTimeout(patience);
    waiting.length = 0;
    socket.close();
    settle(stored);
    understood(undefined);
  };
  const say = (up: StreamUp) => socket.send(JSON.stringify(up));
  const wait = () => {
    clearTimeout(patience);
    if (finishing) patience = setTimeout(end, PATIENCE_MS);
  };
  const pump = () => {
    if (ended || socket.readyState !== socket.OPEN) return;
    for (let next = waiting[0]; next !== undefined; next = waiting[0]) {
      const fits = sent + next.size - taken <= STREAM_WINDOW_BYTES;
      // Every chunk that is taken, and every new one, asks again.
      if (!fits || socket.bufferedAmount > MAX_BUFFERED) return;
      waiting.shift();
      socket.send(next);
      sent += next.size;
    }
    if (finishing && !saidEnd) {
      saidEnd = true;
      say({ type: 'end' });
    }
  };

  socket.onopen = () => {
    say({ type: 'begin', contentType });
    pump();
  };
  socket.onmessage = ({ data }) => {
    if (ended) return;
    const down = JSON.parse(String(data)) as StreamDown;
    wait();
    if (down.type === 'stored') end(down);
    else if (down.type === 'failed') end();
    else if (down.type === 'taken') {
      taken = down.bytes;
      pump();
    } else understood(down.text);
  };
  socket.onclose = () => end();

  return {
    take: chunk => {
      if (ended) return;
      waiting.push(chunk);
      pump();
    },
    finish: () => {
      finishing = true;
      if (!ended) wait();
      pump();
      return result;
    },
    abandon: () => end(),
  };
}
