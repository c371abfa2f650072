import { connect as connectTcp, type Socket } from 'node:net';
import { startTls } from './bookkeeper.js';
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
  const limit = AbortSignal.any([AbortSignal.timeout(timeoutMs), ...(signal ? [signal] : [])]);
  const socket = connectTcp({ host: target.host, port: target.port });
  const ended = new Promise<never>((_, reject) => {
    limit.addEventListener('abort', () => reject(limit.reason), { once: true });
    socket.on('error', reject);
  });
  try {
    limit.throwIfAborted();
    const work = connected(socket).then(async () => {
      if (target.begins === 'bookkeeper') await startTls(socket);
      return use(socket);
    });
    return await Promise.race([work, ended]);
  } finally {
    socket.destroy();
  }
}

function connected(socket: Socket): Promise<void> {
  return new Promise(resolve => socket.once('connect', () => resolve()));
}
