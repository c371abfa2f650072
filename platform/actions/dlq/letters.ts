import { z } from 'zod';
import {
  type Client,
  type DeadLetter,
  deadLetterOf,
  type Message,
} from '../../../demo-services/messaging/index.js';
import type { PulsarAdmin } from '../../edges/pulsar-admin.js';
import { PlatformError } from '../../errors.js';
import { type Plan, REPLAY_SUBSCRIPTION, type Topic } from '../../plan/index.js';
import { topicPath } from '../tenants/live.js';
import { type CursorState, isPending } from './pending.js';

export interface DlqPorts {
  readonly plan: Plan;
  readonly admin: PulsarAdmin;
  readonly client: Client;
}

/** A message that was given up and waits. */
export interface WaitingLetter extends Omit<DeadLetter, 'time' | 'messageId'> {
  /** Id among the dead letters. */
  readonly id: string;
  /** Id that it had in its topic. */
  readonly origin: string;
  /** Topic that it lies in. */
  readonly in: string;
  readonly at: string;
  readonly key?: string;
  readonly bytes: number;
}

/** A message that is no dead letter, though it lies among them. */
const UNKNOWN: DeadLetter = {
  code: 'Unknown',
  reason: 'it tells no reason',
  topic: '',
  subscription: '',
  messageId: '',
  time: new Date(0),
  attempts: 0,
};

/** The dead letters that wait, oldest first. */
export async function listDeadLetters(ports: DlqPorts): Promise<WaitingLetter[]> {
  const waiting = await Promise.all(deadLetterTopics(ports.plan).map(topic => waitingIn(topic, ports)));
  return waiting
    .flat()
    .map(({ message, topic }) => letterOf(message, topic))
    .sort((a, b) => a.at.localeCompare(b.at));
}

/**
 * One of them, with what it holds.
 *
 * @throws PlatformError DeadLetterNotFound
 */
export async function showDeadLetter(id: string, ports: DlqPorts) {
  for (const topic of deadLetterTopics(ports.plan)) {
    const found = (await waitingIn(topic, ports)).find(({ message }) => message.id === id);
    if (found === undefined) continue;
    const { properties, data } = found.message;
    return { ...letterOf(found.message, topic), properties, data: data.toString('utf8') };
  }
  throw notWaiting([id]);
}

/** That none of these ids is one of a dead letter that waits. */
export function notWaiting(ids: readonly string[]): PlatformError {
  const saw = ids.join(', ');
  return new PlatformError('DeadLetterNotFound', `no dead letter ${saw} waits`, { saw, refused: true });
}

export function deadLetterTopics({ topics }: Plan): Topic[] {
  return topics.filter(({ deadLettersOf }) => deadLettersOf !== undefined);
}

function letterOf(message: Message, { alias }: Topic): WaitingLetter {
  const { messageId, time, ...letter } = deadLetterOf(message) ?? UNKNOWN;
  return {
    ...letter,
    id: message.id,
    origin: messageId,
    in: alias,
    at: (time.getTime() === 0 ? message.publishTime : time).toISOString(),
    ...(message.key !== undefined && { key: message.key }),
    bytes: message.data.byteLength,
  };
}

export interface Waiting {
  readonly topic: Topic;
  readonly message: Message;
}

const statsSchema = z.object({
  numberOfEntries: z.int(),
  lastConfirmedEntry: z.string(),
  cursors: z.record(
    z.string(),
    z.object({ markDeletePosition: z.string(), individuallyDeletedMessages: z.string() }),
  ),
});

/** What is not settled yet of a dead-letter topic; read without a subscription, so that nothing moves. */
export async function waitingIn(topic: Topic, { admin, client }: DlqPorts): Promise<Waiting[]> {
  const found = await admin.get(`${topicPath(topic.name)}/internalStats`);
  if (found === undefined) return [];
  const { numberOfEntries, lastConfirmedEntry, cursors } = statsSchema.parse(found);
  const cursor: CursorState = cursors[REPLAY_SUBSCRIPTION] ?? {
    markDeletePosition: '-1:-1',
    individuallyDeletedMessages: '[]',
  };
  if (
    numberOfEntries === 0 ||
    !isPending(lastConfirmedEntry, { ...cursor, individuallyDeletedMessages: '[]' })
  )
    return [];
  const reader = await client.reader({ topic: topic.name, start: 'earliest', name: 'dlq' });
  const messages: Waiting[] = [];
  try {
    for await (const message of reader) {
      if (isPending(message.id, cursor)) messages.push({ topic, message });
      const settledThen = { markDeletePosition: message.id, individuallyDeletedMessages: '[]' };
      if (!isPending(lastConfirmedEntry, settledThen)) break;
    }
  } finally {
    await reader.close();
  }
  return messages;
}
