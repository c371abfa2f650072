import { createHash } from 'node:crypto';
import { deadLetterOf, type Message, replayOf } from '../../../demo-services/messaging/index.js';
import { REPLAY_SUBSCRIPTION, type Topic } from '../../plan/index.js';
import type { Report } from '../../report.js';
import { type DlqPorts, deadLetterTopics, notWaiting, waitingIn } from './letters.js';

export interface ReplayOptions {
  /** Ids of those that are sent again. @default - all that wait */
  readonly ids?: readonly string[];
  /** Only those that were given up for this reason. @default - whatever the reason */
  readonly code?: string;
  readonly report: Report;
  readonly signal: AbortSignal;
}

export interface ReplayResult {
  readonly replayed: readonly { readonly id: string; readonly topic: string; readonly as: string }[];
  /** Sent before, in a run that was killed before it could settle them. */
  readonly already: readonly string[];
  /** Those that could not be sent; they wait on. */
  readonly failed: readonly { readonly id: string; readonly reason: string }[];
  /** Ids of those that the broker did not hand out, since somebody else holds them; they wait on. */
  readonly unreached: readonly string[];
  /** Ids that were asked for, and that no dead letter has: sent by an earlier run, or never there. */
  readonly missing: readonly string[];
}

/** Letters that stay are held until they are given back: there must be room for those behind them. */
const MAX_HELD = 10_000;
/** How long a letter that is not wanted now may be handed out again before the run ends without it. */
const IDLE_MS = 5_000;

/**
 * Sends dead letters to the topics that they came from, and settles those that were sent. Each is sent as the first
 * message of a producer that is named after it: where a namespace drops duplicates, a letter is sent once however
 * often a run is killed and begun again. What can't be sent is left, with its reason.
 *
 * @throws PlatformError DeadLetterNotFound - ids are given, and none of them waits
 */
export async function replayDeadLetters(ports: DlqPorts, options: ReplayOptions): Promise<ReplayResult> {
  const topics = deadLetterTopics(ports.plan);
  const missing = await missingOf(topics, ports, options);
  const results = [];
  for (const topic of topics) {
    options.signal.throwIfAborted();
    results.push(await replayTopic(topic, ports, options));
  }
  return {
    replayed: results.flatMap(({ replayed }) => replayed),
    already: results.flatMap(({ already }) => already),
    failed: results.flatMap(({ failed }) => failed),
    unreached: results.flatMap(({ unreached }) => unreached),
    missing,
  };
}

/** The ids that were asked for and that do not wait; all of them is an error, since nothing is left to do. */
async function missingOf(
  topics: readonly Topic[],
  ports: DlqPorts,
  { ids = [], report }: ReplayOptions,
): Promise<string[]> {
  if (ids.length === 0) return [];
  const waiting = await Promise.all(topics.map(topic => waitingIn(topic, ports)));
  const there = new Set(waiting.flat().map(({ message }) => message.id));
  const missing = [...new Set(ids)].filter(id => !there.has(id));
  if (missing.length === 0) return [];
  if (!ids.some(id => there.has(id))) throw notWaiting(missing);
  report.warning('dlq', `no dead letter ${missing.join(', ')} waits`);
  return missing;
}

/** Thrown in the handler of a letter that stays: the broker keeps it. */
class Stays extends Error {}

async function replayTopic(
  topic: Topic,
  ports: DlqPorts,
  { ids, code, report, signal }: ReplayOptions,
): Promise<Omit<ReplayResult, 'missing'>> {
  // Looked at just before: what another replay has settled meanwhile is no letter that this one did not reach.
  const waiting = (await waitingIn(topic, ports)).map(({ message }) => message);
  const wanted = new Set(
    waiting
      .filter(message => ids?.includes(message.id) ?? true)
      .filter(message => code === undefined || deadLetterOf(message)?.code === code)
      .map(({ id }) => id),
  );
  const result = {
    replayed: [] as { id: string; topic: string; as: string }[],
    already: [] as string[],
    failed: [] as { id: string; reason: string }[],
  };
  if (wanted.size === 0) return { ...result, unreached: [] };
  report.action('dlq', `${wanted.size} of ${waiting.length} in ${topic.alias}`);
  const open = new Set(wanted);
  let idle: NodeJS.Timeout | undefined;
  let end: () => void = () => undefined;
  const ended = new Promise<void>(resolve => {
    end = resolve;
  });
  const progress = () => {
    clearTimeout(idle);
    idle = setTimeout(end, IDLE_MS);
    if (open.size === 0 || signal.aborted) end();
  };
  const onMessage = async (message: Message) => {
    if (!open.has(message.id)) throw new Stays();
    clearTimeout(idle);
    try {
      const sent = await sendAgain(message, topic, ports);
      if (sent.as === undefined) result.already.push(message.id);
      else result.replayed.push({ id: message.id, topic: sent.topic, as: sent.as });
    } catch (error) {
      result.failed.push({ id: message.id, reason: error instanceof Error ? error.message : String(error) });
      throw new Stays();
    } finally {
      open.delete(message.id);
      report.progress('dlq', `${wanted.size - open.size} of ${wanted.size}`);
      // Not before the message is settled.
      setImmediate(progress);
    }
  };
  const consumer = await ports.client.consumer({
    topic: topic.name,
    subscription: REPLAY_SUBSCRIPTION,
    type: 'Shared',
    receiverQueueSize: Math.min(waiting.length, MAX_HELD) + 10,
    onMessage,
  });
  signal.addEventListener('abort', end, { once: true });
  try {
    progress();
    await ended;
  } finally {
    signal.removeEventListener('abort', end);
    // Settles what was sent: acknowledgements are flushed.
    await consumer.close();
    clearTimeout(idle);
  }
  signal.throwIfAborted();
  return { ...result, unreached: [...open] };
}

/** The broker's answer to a copy that it has already. */
const DROPPED = '-1:-1:-1';

async function sendAgain(
  message: Message,
  { deadLettersOf }: Topic,
  { client, plan }: DlqPorts,
): Promise<{ topic: string; as: string | undefined }> {
  const from = deadLetterOf(message)?.topic.replace(/-partition-\d+$/, '') ?? '';
  const topic = plan.topics.find(({ alias }) => alias === deadLettersOf)?.name ?? '';
  // Whoever may write dead letters could otherwise have the operator write anywhere.
  if (from !== topic) {
    throw new Error(
      `it ${from === '' ? 'does not tell which topic it came from' : `says that it came from ${from}`}; wanted ${topic}`,
    );
  }
  const name = createHash('sha256').update(`${message.topic} ${message.id}`).digest('hex').slice(0, 24);
  const producer = await client.producer({ topic, numbered: { producer: `replay-${name}`, next: 1 } });
  try {
    const { id } = await producer.send(replayOf(message));
    return { topic, as: id === DROPPED ? undefined : id };
  } finally {
    await producer.close();
  }
}
