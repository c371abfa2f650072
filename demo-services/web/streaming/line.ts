import type { WebSocket } from 'ws';
import { ServiceError } from '../../errors.js';
import { errorFields, type Log } from '../../runtime/log.js';
import type { StreamDown } from '../api/index.js';

/** The connection to a page whose user speaks. */
export interface Line {
  /** Aborted when it has ended, from whichever side. */
  readonly over: AbortSignal;
  readonly say: (answer: StreamDown) => void;
  /** Says the reason, and ends. */
  readonly fail: (error: unknown) => void;
  readonly end: () => void;
  /** Reads no more while `wait` says so; what is not read stays with the page. */
  readonly holdWhile: (wait: boolean) => void;
  /** What the page leaves unread, bytes. */
  readonly lag: () => number;
  /** Once nothing can be said any more. */
  readonly closed: Promise<void>;
}

export function lineOf(socket: WebSocket, log: Log): Line {
  const over = new AbortController();
  const say = (answer: StreamDown) => {
    if (!over.signal.aborted) socket.send(JSON.stringify(answer));
  };
  const end = () => {
    over.abort();
    // What was not read yet would keep it open.
    socket.resume();
    socket.close(1000);
  };
  return {
    over: over.signal,
    say,
    fail: error => {
      const { code = 'Unexpected', message = '' } = errorFields(error);
      log.info('stream ended', { code });
      say({ type: 'failed', code, message: error instanceof ServiceError ? String(message) : '' });
      end();
    },
    end,
    holdWhile: wait => {
      if (wait && !socket.isPaused) socket.pause();
      if (!wait && socket.isPaused) socket.resume();
    },
    lag: () => socket.bufferedAmount,
    closed: new Promise(resolve => {
      socket.on('error', error => log.debug('stream broke', { message: error.name }));
      socket.on('close', () => {
        over.abort();
        resolve();
      });
    }),
  };
}
