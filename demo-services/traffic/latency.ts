import type { History } from './history.js';

export interface Latency {
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

/** The way of a message, in stages. */
export const STAGES = [
  'upload',
  'publish',
  'audioWait',
  'transcribe',
  'imageWait',
  'render',
  'announce',
  'audioTotal',
  'imageTotal',
] as const;
export type Stage = (typeof STAGES)[number];

/** What a stage is, for people. */
export const STAGE_NAMES: Readonly<Record<Stage, string>> = {
  upload: 'upload to the store',
  publish: 'publish, until acknowledged',
  audioWait: 'wait for a transcriber',
  transcribe: 'fetch, decode, transcribe, store',
  imageWait: 'wait for an image worker',
  render: 'fetch, render, store',
  announce: 'announce and deliver the result',
  audioTotal: 'spoken message, from upload to result',
  imageTotal: 'picture, from upload to result',
};

/** Percentiles of each stage that any message went through, ms. Corrupted messages take short cuts: left out. */
export function latenciesOf(histories: readonly History[]): Partial<Record<Stage, Latency>> {
  const measured = histories.filter(({ sent }) => sent.corruption === undefined).flatMap(stagesOf);
  return Object.fromEntries(
    STAGES.flatMap(stage => {
      const times = measured.filter(([name]) => name === stage).map(([, ms]) => ms);
      return times.length > 0 ? [[stage, percentiles(times)]] : [];
    }),
  );
}

/** A service's clock may differ from ours: nothing takes less than no time. */
function stagesOf({ sent, announced: [first] }: History): [Stage, number][] {
  const { kind, beganAt, uploadedAt, sentAt } = sent;
  const sending: [Stage, number][] = [
    ['upload', uploadedAt - beganAt],
    ['publish', sentAt - uploadedAt],
  ];
  if (first === undefined) return sending;
  const [startedAt, finishedAt] = [Date.parse(first.result.startedAt), Date.parse(first.result.finishedAt)];
  const stages: [Stage, number][] = [
    ...sending,
    [kind === 'audio' ? 'audioWait' : 'imageWait', startedAt - sentAt],
    [kind === 'audio' ? 'transcribe' : 'render', finishedAt - startedAt],
    ['announce', first.at - finishedAt],
    [kind === 'audio' ? 'audioTotal' : 'imageTotal', first.at - beganAt],
  ];
  return stages.map(([stage, ms]) => [stage, Math.max(0, ms)]);
}

/** Nearest rank: every figure is one that was measured. */
function percentiles(values: readonly number[]): Latency {
  const sorted = values.map(Math.round).sort((a, b) => a - b);
  const at = (part: number) => sorted[Math.max(0, Math.ceil(part * sorted.length) - 1)] ?? 0;
  return { p50: at(0.5), p99: at(0.99), max: at(1) };
}
