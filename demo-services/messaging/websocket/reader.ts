import { bytesOf, parseId } from '../message-id.js';
import type { Position, Reader, ReaderOptions } from '../port.js';
import { makeFeed } from '../reading/feed.js';
import { idBefore, lastId } from './admin.js';
import { ackFrame, readMessage } from './frames.js';
import { type LinkContext, openLink } from './link.js';
import { query, topicPath } from './urls.js';

/** Reads over one WebSocket; a new one goes on after the last message that the old one brought. */
export async function openReader(context: LinkContext, options: ReaderOptions): Promise<Reader> {
  const { topic, start = 'earliest', name = 'reader', receiverQueueSize = 100 } = options;
  const feed = makeFeed();
  let position = await startOf(context, topic, start);

  const link = await openLink(context, {
    topic,
    busy: 'ConsumerBusy',
    path: () =>
      `/ws/v2/reader/${topicPath(topic)}?${query({ messageId: position, receiverQueueSize, readerName: name })}`,
    onOpen: () => undefined,
    onMessage: frame => {
      const delivery = readMessage(frame, topic);
      if (delivery === undefined) return;
      const { message, handle } = delivery;
      position = handle;
      // To a reader an acknowledgement means: there is room for one more.
      feed.push(message, () => link.send(ackFrame(handle)));
    },
  });

  return {
    get connected() {
      return link.connected;
    },
    [Symbol.asyncIterator]: feed[Symbol.asyncIterator],
    close: async () => {
      await link.close();
      feed.end();
    },
  };
}

/**
 * The gateway's `messageId`: it reads what comes after. `latest` is made an id at once, or what is published while
 * the first connection is lost would be skipped.
 */
async function startOf(context: LinkContext, topic: string, start: Position): Promise<string> {
  if (start === 'earliest') return start;
  if (start === 'latest') return base64(await lastId(context, topic));
  return base64('time' in start ? await idBefore(context, topic, start.time) : start.after);
}

function base64(id: string): string {
  return bytesOf(parseId(id)).toString('base64');
}
