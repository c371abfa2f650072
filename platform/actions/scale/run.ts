import { setTimeout as wait } from 'node:timers/promises';
import { PlatformError } from '../../errors.js';
import type { Report } from '../../report.js';
import { type BookieFacts, nextStep, type ScaleState, type ScaleStep } from './machine.js';

/** What scaling needs of BookKeeper and of who runs it. Doing a thing twice does no harm. */
export interface BookieCluster {
  facts(): Promise<BookieFacts>;
  setReadOnly(ordinal: number, readOnly: boolean): Promise<void>;
  /** Copies the ledgers of a read-only bookie to others; returns when it has tried all of them. */
  drain(ordinal: number): Promise<void>;
  retireCookie(ordinal: number): Promise<void>;
  scale(replicas: number): Promise<void>;
}

/** Where the state of a change is kept between runs. */
export interface ScaleStore {
  read(): Promise<ScaleState | undefined>;
  write(state: ScaleState): Promise<void>;
  remove(): Promise<void>;
}

export interface ScaleOptions {
  readonly cluster: BookieCluster;
  readonly store: ScaleStore;
  readonly to: number;
  /** Fewest bookies that a ledger can be spread over: pulsar.quorum.ensemble. */
  readonly ensemble: number;
  /** How long a bookie may take to hand over its ledgers. */
  readonly timeoutMs: number;
  /** @default 5000 */
  readonly pollMs?: number;
  /** @default - the clock */
  readonly now?: () => Date;
  readonly report: Report;
  readonly signal: AbortSignal;
}

const POLL_MS = 5_000;

/**
 * Takes bookies away one after the other, the highest ordinal first, and never before its ledgers are elsewhere. Goes
 * on where an earlier run was killed.
 *
 * @throws PlatformError ScaleRefused, ScaleInProgress, ScaleUnsafe, ScaleTimeout
 */
export async function scaleBookies(options: ScaleOptions): Promise<{ readonly replicas: number }> {
  const { cluster, store, signal, now = () => new Date() } = options;
  let state = await begun(options);
  let before: number | undefined;
  const deadline = now().getTime() + options.timeoutMs;
  for (;;) {
    signal.throwIfAborted();
    const facts = await cluster.facts();
    before ??= facts.replicas;
    const step = nextStep(state, facts, now());
    if (step.kind === 'done') {
      await store.remove();
      return { replicas: facts.replicas };
    }
    if (step.kind === 'giveUp') {
      await store.remove();
      throw timedOut(state);
    }
    if (step.kind === 'awaitReplicated' && now().getTime() > deadline) {
      // Between two bookies nothing is under way: the next run may have another number in mind.
      if (state.leaving === undefined) await store.remove();
      throw unsafe(facts, state, before);
    }
    const next = await take(step, state, options, now());
    if (next !== state) await store.write(next);
    state = next;
  }
}

async function begun(options: ScaleOptions): Promise<ScaleState> {
  const { store, to, ensemble, cluster } = options;
  const kept = await store.read();
  if (kept?.leaving !== undefined && kept.to !== to) {
    throw new PlatformError('ScaleInProgress', `an earlier run is on its way to ${kept.to} bookies`, {
      saw: String(kept.to),
      want: String(to),
      fix: `platform scale bookies ${kept.to}`,
      refused: true,
    });
  }
  if (kept?.leaving !== undefined) return takenOver(kept, options);
  const { replicas } = await cluster.facts();
  if (to < ensemble || to > replicas) {
    throw new PlatformError('ScaleRefused', `${to} bookies is out of range`, {
      saw: String(to),
      want: `${ensemble} to ${replicas}`,
      ...(to > replicas && {
        fix: 'raise pulsar.bookies.replicas and apply; an ordinal that has left before: docs/operations.md',
      }),
      refused: true,
    });
  }
  const state: ScaleState = { version: 1, to };
  await store.write(state);
  return state;
}

/** The time that a run grants counts from its own beginning: one that was killed at night may go on in the morning. */
async function takenOver(kept: ScaleState, options: ScaleOptions): Promise<ScaleState> {
  const { store, timeoutMs, now = () => new Date() } = options;
  if (kept.leaving === undefined || kept.reverting) return kept;
  const until = new Date(now().getTime() + timeoutMs).toISOString();
  const state = { ...kept, leaving: { ...kept.leaving, until } };
  await store.write(state);
  return state;
}

/** Does a step; returns the state that is to be kept. */
async function take(
  step: ScaleStep,
  state: ScaleState,
  options: ScaleOptions,
  now: Date,
): Promise<ScaleState> {
  const { cluster, report, signal, pollMs = POLL_MS, timeoutMs } = options;
  const { leaving, reverting, ...rest } = state;
  switch (step.kind) {
    case 'begin': {
      const until = new Date(now.getTime() + timeoutMs).toISOString();
      report.action('bookie', `${step.ordinal} is to leave, until ${until.slice(11, 19)}`);
      return { ...state, leaving: { ordinal: step.ordinal, until } };
    }
    case 'setReadOnly':
    case 'setWritable':
      report.action(
        'bookie',
        `${step.ordinal} ${step.kind === 'setReadOnly' ? 'read-only' : 'writable again'}`,
      );
      await cluster.setReadOnly(step.ordinal, step.kind === 'setReadOnly');
      return state;
    case 'drain':
      report.waiting('bookie', `${step.ordinal} hands over its ledgers`);
      await cluster.drain(step.ordinal);
      return state;
    case 'retireCookie':
      report.action('bookie', `${step.ordinal} holds nothing; its cookie is retired`);
      await cluster.retireCookie(step.ordinal);
      return state;
    case 'scale':
      report.action('bookies', `${step.replicas}; the disk of the one that left stays`);
      await cluster.scale(step.replicas);
      return state;
    case 'note':
      report.success('bookie', `${step.left} has left`);
      return rest;
    case 'revert':
      report.warning('bookie', 'its ledgers were not copied in time');
      return { ...state, reverting: true };
    default:
      report.progress(
        'bookies',
        step.kind === 'awaitDrained' ? 'copies are made' : 'ledgers have too few copies',
      );
      if (pollMs > 0) await wait(pollMs, undefined, { signal });
      return state;
  }
}

function timedOut({ leaving }: ScaleState): PlatformError {
  return new PlatformError('ScaleTimeout', `bookie ${leaving?.ordinal} kept ledgers; it is writable again`);
}

function unsafe(
  { underReplicated, replicas }: BookieFacts,
  { leaving }: ScaleState,
  before: number,
): PlatformError {
  const gone = before - replicas;
  const left = gone > 0 ? `; ${gone} bookies have left, ${replicas} are there` : '';
  return new PlatformError('ScaleUnsafe', `${underReplicated} ledgers have too few copies${left}`, {
    saw: String(underReplicated),
    want: '0',
    refused: leaving === undefined && gone === 0,
  });
}
