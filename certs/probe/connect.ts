import { connect as connectTcp, type Socket } from 'node:net';
import { beginTls } from './start-tls.js';
import { type ProbeOptions, type ProbeTarget, TIMEOUT_MS } from './target.js';

/**
 * Opens a connection on which TLS can begin, hands it to `use`, and closes it whatever happens. Rejects when the
 * target can't be reached, or when the time or the signal ends it.
 */
export async function withConnection<T>(
  target: ProbeTarget,
  options: ProbeOptions,
  use: (socket: Socket) => Promise<T>,
): Promise<T> {
  const { timeoutMs = TIMEOUT_MS, signal } = options;
  // Held by its timer. Node 20 forgets an `AbortSignal.timeout` that is only part of an `any`: it would never end this.
  const late = new AbortController();
  const timer = setTimeout(
    () => late.abort(new DOMException('no answer in time', 'TimeoutError')),
    timeoutMs,
  );
  const limit = AbortSignal.any([late.signal, ...(signal ? [signal] : [])]);
  const socket = connectTcp({ host: target.host, port: target.port });
  let inUse = false;
  const ended = new Promise<never>((_, reject) => {
    limit.addEventListener('abort', () => reject(limit.reason), { once: true });
    // Once it is in use, an error is an answer: it is for `use` to judge.
    socket.on('error', error => (inUse ? undefined : reject(error)));
  });
  try {
    limit.throwIfAborted();
    const work = connected(socket).then(async () => {
      await beginTls(socket, target.begins);
      inUse = true;
      return use(socket);
    });
    return await Promise.race([work, ended]);
  } finally {
    clearTimeout(timer);
    socket.destroy();
  }
}

function connected(socket: Socket): Promise<void> {
  return new Promise(resolve => socket.once('connect', () => resolve()));
}
