import type { TopLevelSpec } from 'vega-lite';
import { toSvg } from '../plots/index.js';
import { STAGE_NAMES, STAGES } from './latency.js';
import type { TrafficAccount } from './report.js';

const [WIDTH, HEIGHT] = [720, 200];
const COLORS = { sent: '#94a3b8', settled: '#2563eb', audio: '#2563eb', image: '#f59e0b', killed: '#dc2626' };

/** Percentiles of each stage, on a logarithmic axis: from what most messages took to what the slowest took. */
export function latencyPlot({ report: { latencyMs } }: TrafficAccount): Promise<string> {
  const stages = STAGES.flatMap(stage => {
    const latency = latencyMs[stage];
    return latency ? [{ stage: STAGE_NAMES[stage], ...latency }] : [];
  });
  const order = stages.map(({ stage }) => stage);
  // A logarithmic axis has no 0.
  const ms = (value: number) => Math.max(1, value);
  const y = {
    field: 'stage',
    type: 'nominal',
    sort: order,
    title: null,
    axis: { labelLimit: 0, grid: true },
  } as const;
  const x = {
    field: 'ms',
    type: 'quantitative',
    scale: { type: 'log' },
    title: 'milliseconds, logarithmic',
    axis: { tickCount: 5, format: '~s' },
  } as const;
  const points = stages.flatMap(({ stage, p50, p99, max }) => [
    { stage, percentile: 'p50', ms: ms(p50) },
    { stage, percentile: 'p99', ms: ms(p99) },
    { stage, percentile: 'max', ms: ms(max) },
  ]);
  return toSvg({
    title: 'How long each stage took',
    width: WIDTH - 260,
    height: { step: 26 },
    layer: [
      {
        data: { values: stages.map(({ stage, p50, max }) => ({ stage, ms: ms(p50), to: ms(max) })) },
        mark: { type: 'rule', strokeWidth: 3, color: '#cbd5e1' },
        encoding: { y, x, x2: { field: 'to' } },
      },
      {
        data: { values: points },
        mark: { type: 'point', filled: true, opacity: 1 },
        encoding: {
          y,
          x,
          // The slowest is often the 99th of a hundred: both are to be seen.
          size: {
            field: 'percentile',
            type: 'ordinal',
            sort: ['p50', 'p99', 'max'],
            legend: null,
            scale: { domain: ['p50', 'p99', 'max'], range: [100, 160, 50] },
          },
          color: {
            field: 'percentile',
            type: 'nominal',
            sort: ['p50', 'p99', 'max'],
            title: null,
            scale: { domain: ['p50', 'p99', 'max'], range: ['#16a34a', '#f59e0b', '#dc2626'] },
          },
        },
      },
    ],
  });
}

/** Messages a second, in and out. */
export function throughputPlot(account: TrafficAccount): Promise<string> {
  const values = account.series.flatMap(({ seconds, sentRate, settledRate }) => [
    { seconds, what: 'sent', rate: sentRate },
    { seconds, what: 'settled', rate: settledRate },
  ]);
  return toSvg({
    title: 'Throughput',
    width: WIDTH,
    height: HEIGHT,
    layer: [
      {
        data: { values },
        mark: { type: 'line', interpolate: 'step', strokeWidth: 2 },
        encoding: {
          x: { field: 'seconds', type: 'quantitative', title: 'seconds' },
          y: { field: 'rate', type: 'quantitative', title: 'messages a second' },
          color: {
            field: 'what',
            type: 'nominal',
            title: null,
            scale: { domain: ['sent', 'settled'], range: [COLORS.sent, COLORS.settled] },
          },
        },
      },
      ...faultLayers(account),
    ],
  });
}

/** Messages that were sent and have no result yet. */
export function backlogPlot(account: TrafficAccount): Promise<string> {
  const values = account.series.flatMap(({ seconds, openAudio, openImages }) => [
    { seconds, what: 'spoken', open: openAudio },
    { seconds, what: 'pictures', open: openImages },
  ]);
  return toSvg({
    title: 'Backlog',
    width: WIDTH,
    height: HEIGHT,
    layer: [
      {
        data: { values },
        mark: { type: 'area', interpolate: 'step-after', opacity: 0.75 },
        encoding: {
          x: { field: 'seconds', type: 'quantitative', title: 'seconds' },
          y: { field: 'open', type: 'quantitative', title: 'messages waiting or worked on' },
          color: {
            field: 'what',
            type: 'nominal',
            title: null,
            scale: { domain: ['spoken', 'pictures'], range: [COLORS.audio, COLORS.image] },
          },
        },
      },
      ...faultLayers(account),
    ],
  });
}

type Layers = Extract<TopLevelSpec, { layer: unknown }>['layer'];

/** A band from a kill until the part answered again. */
function faultLayers({ faults, began }: TrafficAccount): Layers {
  if (faults.length === 0) return [];
  const values = faults.map(({ part, at, backAt }) => ({
    part,
    from: (at - began) / 1_000,
    to: (backAt - began) / 1_000,
  }));
  const from = { field: 'from', type: 'quantitative' } as const;
  return [
    {
      data: { values },
      mark: { type: 'rect', color: COLORS.killed, opacity: 0.12 },
      encoding: { x: from, x2: { field: 'to' } },
    },
    {
      data: { values },
      mark: {
        type: 'text',
        color: COLORS.killed,
        angle: 270,
        align: 'right',
        baseline: 'bottom',
        fontSize: 11,
      },
      encoding: { x: from, y: { value: 2 }, text: { field: 'part' } },
    },
  ];
}
