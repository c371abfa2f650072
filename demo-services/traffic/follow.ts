import { decode, resultMessage } from '../contract/index.js';
import { type Client, deadLetterOf, type Message } from '../messaging/index.js';
import { sha256 } from './contents.js';
import type { Announced, Buried } from './events.js';

export interface FollowedTopics {
  readonly results: string;
  readonly deadLetters: readonly string[];
}

/** Tells of every result and dead letter since a time, until it is closed. */
export async function follow(
  client: Client,
  { results, deadLetters }: FollowedTopics,
  since: Date,
  onEvent: (event: Announced | Buried) => void,
): Promise<{ close(): Promise<void> }> {
  const watch = async (topic: string, read: (message: Message) => Announced | Buried | undefined) => {
    const reader = await client.reader({ topic, name: 'traffic', start: { time: since } });
    const ended = (async () => {
      for await (const message of reader) {
        const event = read(message);
        if (event) onEvent(event);
      }
    })();
    return { reader, ended };
  };
  const watched = await Promise.all([
    watch(results, announcedBy),
    ...deadLetters.map(topic => watch(topic, buriedBy)),
  ]);
  return {
    close: async () => {
      await Promise.all(watched.map(({ reader }) => reader.close()));
      await Promise.all(watched.map(({ ended }) => ended));
    },
  };
}

function announcedBy({ id: messageId, data }: Message): Announced | undefined {
  const decoded = decode(resultMessage, data);
  if (!decoded.ok) return undefined;
  const result = decoded.message;
  return { event: 'announced', id: result.id, messageId, at: Date.now(), digest: sha256(data), result };
}

function buriedBy(message: Message): Buried | undefined {
  const letter = deadLetterOf(message);
  const id = message.properties['id'];
  if (letter === undefined || id === undefined) return undefined;
  return { event: 'buried', id, messageId: message.id, at: Date.now(), code: letter.code };
}
