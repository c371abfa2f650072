import type { Announced, Fault } from './events.js';
import { type History, historiesOf, settledAt } from './history.js';
import { type Latency, latenciesOf, type Stage } from './latency.js';
import { type DeadLettered, type Ledger, ledgerOf } from './ledger.js';
import type { TrafficRun } from './run.js';
import { type Slice, seriesOf } from './series.js';
import { wordErrors } from './words.js';

/** What `--json` writes. Others read it: fields may be added to it, never changed. */
export interface TrafficReport {
  readonly transport: string;
  readonly seconds: {
    /** From the start of what ran until it could be used. */
    readonly ready: number;
    /** From the upload of the first spoken message that was understood to its transcript; null without one. */
    readonly firstTranscript: number | null;
    /** From the start to the report. */
    readonly total: number;
  };
  readonly sent: number;
  readonly stored: number;
  readonly done: number;
  readonly lost: number;
  readonly duplicatedEffects: number;
  readonly outOfOrder: number;
  readonly deadLettered: readonly DeadLettered[];
  readonly wordErrorRate: number;
  readonly latencyMs: Readonly<Partial<Record<Stage, Latency>>>;
}

/** Everything that a run tells, for the terminal and for the page. */
export interface TrafficAccount {
  readonly report: TrafficReport;
  readonly ledger: Ledger;
  readonly histories: readonly History[];
  readonly series: readonly Slice[];
  readonly faults: readonly Fault[];
  readonly spoken: readonly Spoken[];
  readonly pictures: TrafficRun['pictures'];
  /** Milliseconds since 1970: when the first upload began. */
  readonly began: number;
}

/** What was said, and what was understood. */
export interface Spoken {
  readonly id: string;
  readonly thread: string;
  readonly author: string;
  readonly said: string;
  readonly understood: string;
  readonly errors: number;
  /** From its upload to its transcript. */
  readonly seconds: number;
}

/** What came before the traffic, when there was something. */
export interface Before {
  /** When everything was started, milliseconds since 1970. */
  readonly startedAt: number;
  /** How long the platform took until it was ready, ms. */
  readonly readyMs: number;
}

/** The events of a run → its account. Pure. */
export function accountOf(
  run: TrafficRun,
  { startedAt, readyMs }: Before = { startedAt: run.startedAt, readyMs: run.readyAt - run.startedAt },
): TrafficAccount {
  const histories = historiesOf(run.events);
  const ledger = ledgerOf(run.events, run.planned);
  const spoken = histories.flatMap(spokenOf);
  const { sent, stored, done, lost, duplicatedEffects, outOfOrder, deadLettered, wordErrorRate } = ledger;
  return {
    report: {
      transport: run.transport,
      seconds: {
        ready: seconds(readyMs),
        firstTranscript: firstTranscript(histories),
        total: seconds(run.endedAt - startedAt),
      },
      sent,
      stored,
      done,
      lost: lost.length,
      duplicatedEffects: duplicatedEffects.length,
      outOfOrder: outOfOrder.length,
      deadLettered,
      wordErrorRate: Math.round(wordErrorRate * 1e4) / 1e4,
      latencyMs: latenciesOf(histories),
    },
    ledger,
    histories,
    series: seriesOf(histories),
    faults: run.events.filter(event => event.event === 'fault'),
    spoken,
    pictures: run.pictures,
    began: Math.min(...histories.map(({ sent: { beganAt } }) => beganAt)),
  };
}

function firstTranscript(histories: readonly History[]): number | null {
  const arrived = histories
    .filter(({ announced: [first] }) => first?.result.kind === 'transcript')
    .map(history => ({ at: settledAt(history) ?? 0, beganAt: history.sent.beganAt }))
    .sort((a, b) => a.at - b.at);
  return arrived[0] ? seconds(arrived[0].at - arrived[0].beganAt) : null;
}

function spokenOf({ sent, announced: [first] }: History): Spoken[] {
  if (sent.said === undefined || first === undefined) return [];
  const understood = textOf(first);
  if (understood === undefined) return [];
  const { id, thread, author, said, beganAt } = sent;
  const { errors } = wordErrors(said, understood);
  return [{ id, thread, author, said, understood, errors, seconds: seconds(first.at - beganAt) }];
}

function textOf({ result }: Announced): string | undefined {
  return result.kind === 'transcript' ? result.text : undefined;
}

function seconds(ms: number): number {
  return Math.round(ms / 10) / 100;
}
