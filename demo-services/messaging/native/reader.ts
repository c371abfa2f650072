import type { Message as NativeMessage, Reader as NativeReader } from 'pulsar-client';
import { isAfter, parseId } from '../message-id.js';
import type { Message, Position, Reader, ReaderOptions } from '../port.js';
import { makeFeed } from '../reading/feed.js';
import type { Addon } from './addon.js';
import { connected } from './connected.js';
import { fromNative } from './message.js';
import { nativeId, seekTo } from './seek.js';
import { type NativeContext, openSession, type Session } from './session.js';

const SCOUT_QUEUE_SIZE = 100;

/**
 * Reads by a listener, for `readNext` holds a thread of the pool, and with a time-out ends the process (1.18.0). While
 * a listener makes messages wait, the one listener thread of its client stands still, so each reader has a client to
 * itself.
 *
 * The addon drops, without a word, what comes before it has tied the listener to its reader, which takes a few turns of
 * the event loop. So a second reader without a listener, the scout, fetches what comes before the listener's first.
 */
export async function openReader(
  addon: Addon,
  context: NativeContext,
  options: ReaderOptions,
): Promise<Reader> {
  const { topic, start = 'earliest', name = 'reader', receiverQueueSize = 100 } = options;
  const session = openSession(addon, context);
  const feed = makeFeed();
  const newer = newerOnly();
  const begin = new AbortController();
  const begun = new Promise<void>(resolve => begin.signal.addEventListener('abort', () => resolve()));
  let queued = 0;
  let held: string | undefined;
  /** Ends the wait for which the listener thread stands still. */
  let goOn: (() => void) | undefined;
  let listening: NativeReader | undefined;
  let closing: Promise<void> | undefined;

  try {
    await session.check();
    const scout = start === 'latest' ? undefined : await scoutFrom(session, topic, start);
    const reader = await session.client.createReader({
      topic,
      startMessageId: scout?.startMessageId ?? addon.MessageId.latest(),
      readerName: name,
      receiverQueueSize,
      listener: native => (begin.signal.aborted ? take(native) : takeLater(native)),
    });
    listening = reader;
    for (let message = await scout?.next(); message !== undefined; message = await scout?.next()) {
      push(message);
      if (held !== undefined && !isAfter(held, message.id)) break;
    }
    await scout?.close().catch(tell);
    begin.abort();
    return {
      get connected() {
        return reader.isConnected();
      },
      [Symbol.asyncIterator]: feed[Symbol.asyncIterator],
      close,
    };
  } catch (error) {
    const reason = await session.explain(error, topic);
    await close();
    throw reason;
  }

  /** The first one that isn't dropped; the listener thread stands still until all before it are read. */
  function takeLater(native: NativeMessage): Promise<void> {
    held ??= fromNative(native, topic).id;
    return begun.then(() => take(native));
  }

  function take(native: NativeMessage): Promise<void> | undefined {
    if (closing !== undefined) return undefined;
    push(fromNative(native, topic));
    if (queued < receiverQueueSize) return undefined;
    return new Promise(resolve => {
      goOn = resolve;
    });
  }

  function push(message: Message): void {
    if (!newer(message.id)) return;
    queued++;
    feed.push(message, () => {
      queued--;
      goOn?.();
    });
  }

  function close(): Promise<void> {
    closing ??= shut();
    return closing;
  }

  /** Closes first what feeds the listener thread, then lets that go on: to a listener that is gone it must bring nothing. */
  async function shut(): Promise<void> {
    const closed = listening?.close();
    begin.abort();
    goOn?.();
    await closed?.catch(tell);
    feed.end();
    await session.client.close().catch(tell);
  }

  function tell(error: unknown): void {
    context.log('debug', 'close-failed', { topic, reason: String(error) });
  }
}

/** A reader that is asked, and so drops nothing. */
async function scoutFrom(
  { addon, client, context }: Session,
  topic: string,
  start: Exclude<Position, 'latest'>,
) {
  const byTime = typeof start === 'object' && 'time' in start;
  const from = byTime ? addon.MessageId.earliest() : nativeId(addon, start);
  const reader = await client.createReader({
    topic,
    startMessageId: from,
    receiverQueueSize: SCOUT_QUEUE_SIZE,
  });
  if (byTime) await seekTo(addon, reader, start);
  // Asked for only when it is there, for a `readNext` that fails ends the process; and only a few times, for `hasNext`
  // blocks the main thread while it asks the broker.
  const read = async () => {
    await connected(reader, context.operationTimeoutMs);
    return reader.hasNext() ? fromNative(await reader.readNext(), topic) : undefined;
  };
  let first = await read();
  return {
    /** Where the listener begins. */
    startMessageId: byTime ? nativeId(addon, first ? { after: placeBefore(first.id) } : 'latest') : from,
    /** The next message, undefined if there is none now. */
    next: async () => {
      const next = first ?? (await read());
      first = undefined;
      return next;
    },
    close: () => reader.close(),
  };
}

/** The id after which the message with this id comes. */
function placeBefore(id: string): string {
  const { ledger, entry, partition, index } = parseId(id);
  return index > 0 ? `${ledger}:${entry}:${partition}:${index - 1}` : `${ledger}:${entry - 1}:${partition}`;
}

/** Tells, per partition, what is newer than everything before: over a new connection a message may come again. */
function newerOnly(): (id: string) => boolean {
  const latest = new Map<number, string>();
  return id => {
    const { partition } = parseId(id);
    const last = latest.get(partition);
    if (last !== undefined && !isAfter(id, last)) return false;
    latest.set(partition, id);
    return true;
  };
}
