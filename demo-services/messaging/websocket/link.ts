import { setTimeout as sleep } from 'node:timers/promises';
import type { WebSocket } from 'ws';
import { type Code, ServiceError } from '../../errors.js';
import { backoffMs } from '../backoff.js';
import type { Log } from '../log.js';
import { type CredentialFiles, type Credentials, readCredentials } from '../tls/credentials.js';
import type { Address } from '../tls/dial.js';
import { settlesWithin } from '../within.js';
import { GATEWAY_PATIENCE_MS, upgrade } from './upgrade.js';

const RECONNECT = { minMs: 100, maxMs: 5_000 };
/** A gateway that is silent for one to two of these is given up. */
const LIVENESS_MS = 5_000;
const CLOSE_TIMEOUT_MS = 3_000;
/** Waiting can mend these while a connection is first made; every other is told at once. */
const TRANSIENT: readonly Code[] = ['Unreachable', 'ConnectionLost', 'Timeout', 'BrokerRefused'];

/** What every WebSocket of a client has in common. */
export interface LinkContext {
  /** `wss://host:port` */
  readonly url: string;
  /** Where its host and port are reached. @default - there */
  readonly at?: Address;
  readonly credentials: CredentialFiles | Credentials;
  readonly operationTimeoutMs: number;
  readonly log: Log;
}

export interface LinkOptions {
  /** Path and query, asked for at each connection. */
  readonly path: () => string;
  readonly topic: string;
  /** What the gateway's 409 means. */
  readonly busy: Code;
  /** A connection is there: say on it what the gateway must know again. */
  readonly onOpen: () => void;
  readonly onMessage: (data: Buffer) => void;
  /** The connection is gone; another is on its way. `code` is the WebSocket close code. */
  readonly onDown?: (code: number) => void;
}

/** A WebSocket that is opened again whenever it breaks, with credentials read anew. */
export interface Link {
  readonly connected: boolean;
  /** Why there is no connection at the moment. */
  readonly whyDown: ServiceError | undefined;
  /** Sends, or does nothing while there is no connection. */
  send(text: string): void;
  /** Closes the connection, does something while there is none, and opens another. @throws ServiceError */
  reopen(meanwhile: () => Promise<void>): Promise<void>;
  /** Closes the connection, what was sent on it arrives. */
  close(): Promise<void>;
}

/** @throws ServiceError as soon as it is known that waiting won't help, else after `operationTimeoutMs` */
export async function openLink(context: LinkContext, options: LinkOptions): Promise<Link> {
  const { log, operationTimeoutMs } = context;
  const { topic } = options;
  const stopping = new AbortController();
  let socket: WebSocket | undefined;
  let gather: (() => void) | undefined;
  let whyDown: ServiceError | undefined;
  /** Counts the calls of `connect`: a later one ends the earlier. */
  let latest = 0;
  let connecting: Promise<void> = Promise.resolve();

  await connect(Date.now() + operationTimeoutMs);

  /** Tries until a connection stands. @param deadline ms since 1970; none: never gives up */
  function connect(deadline?: number): Promise<void> {
    const attempts = tryUntil(deadline);
    connecting = attempts.catch(() => undefined);
    return attempts;
  }

  async function tryUntil(deadline = Number.POSITIVE_INFINITY): Promise<void> {
    const mine = ++latest;
    const obsolete = () => stopping.signal.aborted || mine !== latest;
    for (let attempt = 0; !obsolete(); attempt++) {
      try {
        const left = deadline - Date.now();
        const credentials = await readCredentials(context.credentials);
        const opened = await upgrade(`${context.url}${options.path()}`, {
          credentials,
          connectTimeoutMs: Math.min(left, operationTimeoutMs),
          timeoutMs: Math.min(left, GATEWAY_PATIENCE_MS),
          busy: options.busy,
          ...(context.at && { at: context.at }),
        });
        if (obsolete()) return opened.socket.terminate();
        return use(opened.socket, opened.gather);
      } catch (error) {
        whyDown = toServiceError(error);
        const delayMs = backoffMs(RECONNECT, attempt);
        const hopeless = !TRANSIENT.includes(whyDown.code) || Date.now() + delayMs >= deadline;
        if (hopeless && deadline !== Number.POSITIVE_INFINITY) throw whyDown;
        log('warn', 'reconnect-failed', { topic, code: whyDown.code, attempt: attempt + 1, delayMs });
        await sleep(delayMs, undefined, { signal: stopping.signal }).catch(() => undefined);
      }
    }
  }

  function use(opened: WebSocket, gatherWrites: () => void): void {
    socket = opened;
    gather = gatherWrites;
    whyDown = undefined;
    const stopWatching = watch(opened);
    opened.on('message', data => options.onMessage(data as Buffer));
    opened.on('error', error => log('debug', 'socket-error', { topic, code: error.message }));
    opened.on('close', code => {
      stopWatching();
      if (socket !== opened) return;
      socket = undefined;
      whyDown = new ServiceError('ConnectionLost', `the connection was closed with ${code}`, {
        where: topic,
      });
      options.onDown?.(code);
      if (stopping.signal.aborted) return;
      log('warn', 'connection-lost', { topic, code: String(code) });
      void connect();
    });
    log('debug', 'connected', { topic });
    options.onOpen();
    opened.resume();
  }

  async function shut(): Promise<void> {
    const closing = socket;
    socket = undefined;
    if (closing === undefined) return;
    const closed = new Promise(resolve => closing.once('close', resolve));
    closing.close(1000);
    if (!(await settlesWithin(closed, CLOSE_TIMEOUT_MS))) closing.terminate();
  }

  return {
    get connected() {
      return socket !== undefined;
    },
    get whyDown() {
      return whyDown;
    },
    send(text) {
      if (socket === undefined) return;
      gather?.();
      socket.send(text);
    },
    async reopen(meanwhile) {
      // No connection that is under way may come in between.
      latest++;
      await shut();
      try {
        await meanwhile();
      } finally {
        await connect(Date.now() + operationTimeoutMs).catch(error => {
          // Who waited is told; the connection is mended all the same.
          void connect();
          throw error;
        });
      }
    },
    async close() {
      stopping.abort();
      await shut();
      await settlesWithin(connecting, CLOSE_TIMEOUT_MS);
    },
  };
}

/** Ends a connection that has gone silent: a broker that hangs closes nothing. */
function watch(socket: WebSocket): () => void {
  let heard = true;
  const hear = () => {
    heard = true;
  };
  socket.on('pong', hear).on('message', hear);
  const timer = setInterval(() => {
    if (!heard) return socket.terminate();
    heard = false;
    socket.ping();
  }, LIVENESS_MS);
  return () => clearInterval(timer);
}

function toServiceError(error: unknown): ServiceError {
  if (error instanceof ServiceError) return error;
  return new ServiceError('ConnectionLost', error instanceof Error ? error.message : String(error), {
    cause: error,
  });
}
