import type { Message as NativeMessage } from 'pulsar-client';
import { isAfter } from '../message-id.js';
import type { Reader, ReaderOptions } from '../port.js';
import { makeFeed } from '../reading/feed.js';
import type { Addon } from './addon.js';
import { fromNative } from './message.js';
import { nativeId, seekTo } from './seek.js';
import { type NativeContext, openSession } from './session.js';

/**
 * Reads by a listener, for `readNext` holds a thread of the pool, and with a time-out ends the process (1.18.0). A
 * listener that makes the messages wait holds its client's one listener thread, so each reader has a client to itself.
 *
 * What arrives before the addon has tied the listener to its reader is dropped without a word. So once it is tied the
 * reader seeks to where it started, and takes what comes after that.
 */
export async function openReader(
  addon: Addon,
  context: NativeContext,
  options: ReaderOptions,
): Promise<Reader> {
  const { topic, start = 'earliest', name = 'reader', receiverQueueSize = 100 } = options;
  const session = openSession(addon, context);
  const feed = makeFeed();
  let started = start === 'latest';
  let queued = 0;
  const lastOf = new Map<string, string>();
  /** Ends of the waits for which the listener thread stands still. */
  let waits: (() => void)[] = [];

  try {
    await session.check();
    const reader = await session.client.createReader({
      topic,
      startMessageId: nativeId(addon, typeof start === 'object' && 'time' in start ? 'latest' : start),
      readerName: name,
      receiverQueueSize,
      listener: onMessage,
    });
    // A message that comes during a seek may be of before or of after it, so then it takes another seek; by now the
    // listener stands still and nothing can come in between.
    for (let held = -1; start !== 'latest' && held < waits.length; ) {
      held = waits.length;
      await seekTo(addon, reader, start);
    }
    started = true;
    goOn();
    return {
      get connected() {
        return reader.isConnected();
      },
      [Symbol.asyncIterator]: feed[Symbol.asyncIterator],
      close: async () => {
        started = false;
        await reader.close();
        goOn();
        feed.end();
        await session.client.close();
      },
    };
  } catch (error) {
    const reason = await session.explain(error, topic);
    await session.client.close().catch(() => undefined);
    throw reason;
  }

  function onMessage(native: NativeMessage): Promise<void> | undefined {
    if (!started) return standStill();
    const message = fromNative(native, topic);
    if (isRepeated(message.id)) return undefined;
    queued++;
    feed.push(message, () => {
      queued--;
      goOn();
    });
    return queued < receiverQueueSize ? undefined : standStill();
  }

  /** After the seek, and over a new connection, a message may come once more. */
  function isRepeated(id: string): boolean {
    const partition = id.split(':')[2] ?? '';
    const last = lastOf.get(partition);
    if (last !== undefined && !isAfter(id, last)) return true;
    lastOf.set(partition, id);
    return false;
  }

  function standStill(): Promise<void> {
    return new Promise(resolve => waits.push(resolve));
  }

  function goOn(): void {
    for (const resolve of waits) resolve();
    waits = [];
  }
}
