import { ServiceError } from '../../errors.js';
import { backoffMs } from '../backoff.js';
import type { Log } from '../log.js';
import type { CloseOptions, Consumer, ConsumerOptions, Message, Position, Producer } from '../port.js';
import { settlesWithin } from '../within.js';
import { beginAttempt, type Running } from './attempt.js';
import { bury } from './bury.js';
import { makeLanes } from './lanes.js';
import { makePermits } from './permits.js';
import type { Delivery, Subscribe } from './subscription.js';
import { type Verdict, verdictOn } from './verdict.js';

const DEFAULT_MAX_REDELIVERIES = 10;
const DEFAULT_RETRY_DELAY = { minMs: 1_000, maxMs: 60_000 };
const DEFAULT_CLOSE_TIMEOUT_MS = 30_000;
/** What handlers get for ending once their signals have fired. */
const ABORT_GRACE_MS = 1_000;

/** How many messages may be here at a time, and how many the transport may hold ready for when they are settled. */
export function windowOf({ concurrency = 1, receiverQueueSize = 2 * concurrency }: ConsumerOptions) {
  const prefetch = Math.max(1, Math.floor(receiverQueueSize / 2));
  return { here: Math.max(concurrency, receiverQueueSize - prefetch), prefetch };
}

interface ConsumeDeps {
  /** Closed with the consumer. @default - hopeless messages are tried again and again */
  readonly deadLetters?: Producer;
  readonly log: Log;
}

/** A message that is here and not settled. */
interface InHand<Handle> {
  readonly message: Message;
  /** Of its last delivery: a message that comes again while it is here is settled on the newer connection. */
  handle: Handle;
  /** Times that the handler was called again here. */
  retries: number;
}

/** Runs the handler on what the subscription delivers, and settles every message by how its handler ends. */
export async function consume<Handle>(
  subscribe: Subscribe<Handle>,
  options: ConsumerOptions,
  { deadLetters, log }: ConsumeDeps,
): Promise<Consumer> {
  const { topic, type, concurrency = 1, ackTimeoutMs, retryDelay = DEFAULT_RETRY_DELAY } = options;
  const maxRedeliveries = options.deadLetter?.maxRedeliveries ?? DEFAULT_MAX_REDELIVERIES;
  const { here } = windowOf(options);

  const inHand = new Map<string, InHand<Handle>>();
  const lanes = makeLanes<InHand<Handle>>(({ message }) =>
    type === 'Shared' ? undefined : (message.key ?? ''),
  );
  const delayed = new Map<NodeJS.Timeout, InHand<Handle>>();
  const running = new Map<Promise<void>, Running>();
  let state: 'open' | 'paused' | 'closed' = 'open';

  const subscription = await subscribe(onDelivery);
  const permits = makePermits(here, count => subscription.permit(count));
  permits.free(here);

  function onDelivery({ message, handle }: Delivery<Handle>): void {
    const known = inHand.get(message.id);
    if (known !== undefined) {
      known.handle = handle;
      permits.free(1);
      return;
    }
    const item = { message, handle, retries: 0 };
    inHand.set(message.id, item);
    lanes.add(item);
    work();
  }

  function work(): void {
    while (state === 'open' && running.size < concurrency) {
      const item = lanes.take();
      if (item === undefined) return;
      const attempt = beginAttempt(attemptNumber(item));
      const run = handle(item, attempt).finally(() => {
        running.delete(run);
        work();
      });
      running.set(run, attempt);
    }
  }

  async function handle(item: InHand<Handle>, attempt: Running): Promise<void> {
    const { number } = attempt;
    const verdict = tooOften(item) ?? verdictFor(await errorOf(item, attempt), number);
    const givenBack = inHand.get(item.message.id) !== item;
    const abandoned = state === 'closed' && verdict.kind !== 'acknowledge';
    if (!givenBack && !abandoned) await carryOut(verdict, item, number);
  }

  /** @returns what the handler threw, undefined if it returned */
  async function errorOf(item: InHand<Handle>, attempt: Running): Promise<unknown> {
    const timer =
      ackTimeoutMs === undefined ? undefined : setTimeout(() => timeUp(item, attempt), ackTimeoutMs);
    try {
      await options.onMessage(item.message, attempt);
      return undefined;
    } catch (error) {
      return attempt.aborted ? attempt.aborted.reason : (error ?? new Error('nothing was thrown'));
    } finally {
      clearTimeout(timer);
    }
  }

  function timeUp(item: InHand<Handle>, attempt: Running): void {
    const error = new ServiceError('AckTimeout', `the handler took longer than ${ackTimeoutMs} ms`);
    attempt.abort(error);
    // In an ordered subscription the handler must end before the message may be tried again.
    if (verdictFor(error, attemptNumber(item)).kind === 'give-back') giveBack(item);
  }

  async function carryOut(verdict: Verdict, item: InHand<Handle>, number: number): Promise<void> {
    const { message } = item;
    if (verdict.kind === 'acknowledge') return acknowledge(item);
    if (verdict.kind === 'dead-letter') {
      const { code, reason } = verdict;
      const letter = { code, reason, topic, subscription: options.subscription, attempts: number };
      if (await bury(deadLetters, message, letter, log)) return acknowledge(item);
    }
    const notBeforeMs = verdict.kind === 'retry' ? (verdict.notBeforeMs ?? 0) : 0;
    const delayMs = Math.max(notBeforeMs, backoffMs(retryDelay, number - 1));
    log('warn', `message-${verdict.kind}`, {
      topic,
      id: message.id,
      attempt: number,
      code: verdict.code,
      delayMs,
    });
    const timer = setTimeout(() => {
      delayed.delete(timer);
      if (verdict.kind === 'give-back') giveBack(item);
      else retry(item);
    }, delayMs);
    delayed.set(timer, item);
  }

  function acknowledge(item: InHand<Handle>): void {
    subscription.acknowledge(item.handle);
    forget(item);
  }

  function giveBack(item: InHand<Handle>): void {
    subscription.giveBack(item.handle);
    forget(item);
  }

  function retry(item: InHand<Handle>): void {
    item.retries++;
    lanes.again(item);
    work();
  }

  function forget(item: InHand<Handle>): void {
    inHand.delete(item.message.id);
    lanes.finish(item);
    permits.free(1);
    work();
  }

  /** Forgets what no handler works on: the broker will hand it out again. */
  function dropWaiting(): void {
    const held = [...delayed.values()];
    for (const timer of delayed.keys()) clearTimeout(timer);
    delayed.clear();
    const dropped = [...lanes.clear(), ...held];
    for (const { message } of dropped) inHand.delete(message.id);
    for (const item of held) lanes.finish(item);
    permits.free(dropped.length);
  }

  function attemptNumber({ message, retries }: InHand<Handle>): number {
    return message.redeliveryCount + retries + 1;
  }

  function verdictFor(error: unknown, number: number): Verdict {
    return verdictOn(error, { type, attempt: number, maxRedeliveries });
  }

  /** A message that was handed out again and again and never settled: whoever takes it may die of it. */
  function tooOften({ message: { redeliveryCount }, retries }: InHand<Handle>): Verdict | undefined {
    if (deadLetters === undefined || retries > 0 || redeliveryCount <= maxRedeliveries) return undefined;
    const reason = `handed out ${redeliveryCount} times without being settled`;
    return { kind: 'dead-letter', code: 'Unexpected', reason };
  }

  /** Resolves when no handler runs, or when the time is up and they were told to stop. */
  async function drained(timeoutMs: number): Promise<void> {
    const all = Promise.all(running.keys());
    if (await settlesWithin(all, timeoutMs)) return;
    const reason = new ServiceError('Stopping', 'the consumer is closing');
    for (const attempt of running.values()) attempt.abort(reason);
    await settlesWithin(all, ABORT_GRACE_MS);
  }

  return {
    get connected() {
      return subscription.connected;
    },
    async seek(position: Position) {
      if (state !== 'open') throw new ServiceError('AlreadyClosed', 'the consumer is closing or seeking');
      state = 'paused';
      try {
        await Promise.all(running.keys());
        dropWaiting();
        await subscription.seek(position);
      } finally {
        if (state === 'paused') state = 'open';
        work();
      }
    },
    async close({ timeoutMs = DEFAULT_CLOSE_TIMEOUT_MS }: CloseOptions = {}) {
      if (state === 'closed') return;
      state = 'closed';
      permits.stop();
      dropWaiting();
      await drained(timeoutMs);
      await subscription.close();
      await deadLetters?.close();
    },
  };
}
