import { type History, settledAt } from './history.js';

/** What happened in a piece of time. */
export interface Slice {
  /** Seconds since the first message, at its end. */
  readonly seconds: number;
  /** Messages a second. */
  readonly sentRate: number;
  readonly settledRate: number;
  /** Messages that were sent and not settled, at its end. */
  readonly openAudio: number;
  readonly openImages: number;
}

const WIDTHS = [0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300];
const MAX_SLICES = 90;

/** Throughput and backlog over time, in slices of a width that suits the length of the run. */
export function seriesOf(histories: readonly History[]): Slice[] {
  const began = Math.min(...histories.map(({ sent }) => sent.beganAt));
  const marks = histories.map(history => ({
    kind: history.sent.kind,
    sent: (history.sent.sentAt - began) / 1000,
    settled: ((settledAt(history) ?? Number.POSITIVE_INFINITY) - began) / 1000,
  }));
  const last = Math.max(0, ...marks.flatMap(({ sent, settled }) => [sent, settled]).filter(Number.isFinite));
  const width = WIDTHS.find(candidate => last / candidate <= MAX_SLICES) ?? last / MAX_SLICES;
  const within = (time: number, end: number) => time > end - width && time <= end;
  const open = (kind: string, end: number) =>
    marks.filter(mark => mark.kind === kind && mark.sent <= end && mark.settled > end).length;
  return Array.from({ length: Math.ceil(last / width) + 1 }, (_, i) => {
    const end = i * width;
    return {
      seconds: end,
      sentRate: marks.filter(({ sent }) => within(sent, end)).length / width,
      settledRate: marks.filter(({ settled }) => within(settled, end)).length / width,
      openAudio: open('audio', end),
      openImages: open('image', end),
    };
  });
}
