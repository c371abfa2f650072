import { setTimeout as sleep } from 'node:timers/promises';

const LOOK_MS = 20;

/**
 * Waits for a connection. What libpulsar is asked without one it refuses at once, or, where it blocks the main thread,
 * it may wait for ever: the thread that makes the connection waits for the main thread to hand it the token.
 */
export async function connected(
  target: { readonly isConnected: () => boolean },
  timeoutMs: number,
): Promise<void> {
  for (const deadline = Date.now() + timeoutMs; !target.isConnected(); ) {
    if (Date.now() >= deadline) throw new Error('no connection in time: NotConnected');
    await sleep(LOOK_MS);
  }
}
