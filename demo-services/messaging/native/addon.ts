import { isMainThread } from 'node:worker_threads';
import type pulsar from 'pulsar-client';

export type Addon = typeof pulsar;

/** Loads `pulsar-client`. @returns the module, or why it can't be used */
export async function loadAddon(): Promise<Addon | string> {
  // Used in the main thread after a worker thread that loaded it has ended, it would end the process.
  if (!isMainThread) return 'pulsar-client is used in the main thread only';
  try {
    return (await import('pulsar-client')).default;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return `pulsar-client does not load: ${message.split('\n')[0]}`;
  }
}
