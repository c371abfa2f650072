import { setMaxListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { waits } from '../errors.js';
import type { Transport } from '../messaging/index.js';
import type { Environment } from '../runtime/env.js';
import { checkStored, picturesOf } from './check.js';
import { type Contents, contentsOf } from './contents.js';
import { openEnds } from './ends.js';
import type { TrafficEvent } from './events.js';
import { type Kill, killInTurn } from './faults.js';
import { follow } from './follow.js';
import { messagesOf, type Planned, type Scenario } from './scenario.js';
import { type Pace, sendAll } from './send.js';
import { makeTally, type Progress, type Tally } from './tally.js';

export interface TrafficProps extends Scenario, Pace {
  /** Parts of the platform that are killed while it runs, in this order. */
  readonly kills: readonly string[];
  /** How long nothing may happen before what is missing is called lost, ms. */
  readonly patienceMs: number;
}

export interface TrafficHooks {
  readonly onProgress: (progress: Progress) => void;
  /** Called when it is connected, before the first message. */
  readonly onReady?: (transport: Transport) => void;
  /** Needed for `kills`. */
  readonly kill?: Kill;
}

/** What a run leaves: the ledger, the figures and the pages are made of it. */
export interface TrafficRun {
  readonly transport: Transport;
  /** Messages that were to be sent. */
  readonly planned: number;
  readonly events: readonly TrafficEvent[];
  /** Milliseconds since 1970: when it was asked for, when it was connected, when it was over. */
  readonly startedAt: number;
  readonly readyAt: number;
  readonly endedAt: number;
  /** Some of the pictures that came out, by message: WebP, 320 px. */
  readonly pictures: ReadonlyMap<string, Buffer>;
}

const POLL_MS = 50;
const PROGRESS_MS = 200;
/** After so long without news, what the readers may have missed while they had no connection is read again. */
const LOOK_AGAIN_MS = 15_000;
/** What is delivered twice comes soon after; after a kill, once everybody is connected again. */
const GRACE_MS = { quiet: 300, killed: 5_000 };

/**
 * Sends the messages of a scenario and follows each to its end. It survives the loss of broker and store: it tries
 * again until they are back.
 *
 * @throws ServiceError EnvironmentInvalid, or what connecting throws
 */
export async function runTraffic(
  environment: Environment,
  props: TrafficProps,
  hooks: TrafficHooks,
  interrupt: AbortSignal,
): Promise<TrafficRun> {
  const startedAt = Date.now();
  const signal = manyListeners(interrupt);
  const messages = messagesOf(props);
  const [contents, ends] = await Promise.all([contentsOf(messages, props.seed), openEnds(environment)]);
  try {
    const tally = makeTally(messages.length);
    const look = () => follow(ends.client, ends.followed, new Date(startedAt), tally.add);
    const [producers] = await Promise.all([ends.producers(), look()]);
    const readyAt = Date.now();
    hooks.onReady?.(ends.client.transport);
    const telling = setInterval(() => hooks.onProgress(tally.progress()), PROGRESS_MS);
    try {
      await exchange({ messages, contents, ends: { ...ends, producers }, props, hooks, tally, look, signal });
      for (const seen of await checkStored(tally.results(), ends.results, signal)) tally.add(seen);
    } finally {
      clearInterval(telling);
      hooks.onProgress(tally.progress());
    }
    return {
      transport: ends.client.transport,
      planned: messages.length,
      events: tally.events(),
      startedAt,
      readyAt,
      endedAt: Date.now(),
      pictures: await picturesOf(tally.results(), ends.results, signal),
    };
  } finally {
    await ends.close();
  }
}

interface Exchange {
  readonly messages: readonly Planned[];
  readonly contents: Contents;
  readonly ends: Parameters<typeof sendAll>[2];
  readonly props: TrafficProps;
  readonly hooks: TrafficHooks;
  readonly tally: Tally;
  /** Reads everything since the beginning, once more. */
  readonly look: () => Promise<unknown>;
  readonly signal: AbortSignal;
}

/** Sends, kills, and waits until all is settled or patience is at its end; then nothing of it goes on. */
async function exchange({
  messages,
  contents,
  ends,
  props,
  hooks,
  tally,
  look,
  signal,
}: Exchange): Promise<void> {
  const over = new AbortController();
  const going = manyListeners(signal, over.signal);
  const letters = { onLetter: tally.expect, onSent: tally.add };
  const work = Promise.all([
    sendAll(messages, contents, ends, props, letters, going),
    killInTurn(props.kills, hooks.kill ?? noKill, tally.settledPart, tally.add, going),
  ]);
  const settled = untilSettled(tally, props.patienceMs, look, going);
  try {
    // A failure of either ends the wait; so does patience, which leaves the work undone.
    const outcome = await Promise.race([work.then(() => 'sent' as const), settled]);
    if (outcome === 'sent' && (await settled) === 'settled') {
      await sleep(props.kills.length > 0 ? GRACE_MS.killed : GRACE_MS.quiet, undefined, { signal });
    }
  } finally {
    over.abort();
    await Promise.allSettled([work, settled]);
  }
}

async function untilSettled(
  tally: Tally,
  patienceMs: number,
  look: () => Promise<unknown>,
  signal: AbortSignal,
): Promise<'settled' | 'given up'> {
  let lookedAt = Date.now();
  while (tally.settledPart() < 1) {
    const now = Date.now();
    if (now - tally.lastNews() > patienceMs) return 'given up';
    if (now - Math.max(lookedAt, tally.lastNews()) > LOOK_AGAIN_MS) {
      lookedAt = now;
      await look().catch(error => {
        // While the broker is away it is tried again later.
        if (!waits(error)) throw error;
      });
    }
    await sleep(POLL_MS, undefined, { signal });
  }
  return 'settled';
}

/** A signal to which everything that waits may listen: that many listeners are no leak. */
function manyListeners(...signals: AbortSignal[]): AbortSignal {
  const signal = AbortSignal.any(signals);
  setMaxListeners(0, signal);
  return signal;
}

async function noKill(part: string): Promise<never> {
  throw new RangeError(`nobody here can kill the ${part}`);
}
