import { page, toSvg } from '../plots/index.js';
import type { BenchResult } from './run.js';
import { HEAD, rowsOf } from './text.js';

const RATES = { produce: 'produce', endToEnd: 'end to end' } as const;

/** Rates of all subjects side by side, a panel for each size. */
export function ratesPlot({ figures }: BenchResult): Promise<string> {
  const values = figures.flatMap(({ subject, bytes, ...rates }) =>
    (['produce', 'endToEnd'] as const).map(what => ({
      subject,
      size: sizeText(bytes),
      what: RATES[what],
      rate: rates[what],
    })),
  );
  return toSvg({
    title: 'Messages a second',
    data: { values },
    facet: { row: { field: 'size', type: 'nominal', title: null, sort: sizesOf(figures) } },
    resolve: { scale: { x: 'independent' } },
    spec: {
      width: 520,
      height: { step: 13 },
      mark: 'bar',
      encoding: {
        y: { field: 'subject', type: 'nominal', title: null, sort: subjectsOf(figures) },
        yOffset: { field: 'what', type: 'nominal', sort: Object.values(RATES) },
        x: { field: 'rate', type: 'quantitative', title: null },
        color: {
          field: 'what',
          type: 'nominal',
          title: null,
          sort: Object.values(RATES),
          scale: { domain: Object.values(RATES), range: ['#2563eb', '#f59e0b'] },
        },
      },
    },
  });
}

/** p50 and p99 of all subjects, a panel for each size. */
export function latencyPlot({ figures }: BenchResult): Promise<string> {
  const values = figures.map(({ subject, bytes, p50, p99 }) => ({
    subject,
    size: sizeText(bytes),
    p50,
    p99,
  }));
  const y = { field: 'subject', type: 'nominal', title: null, sort: subjectsOf(figures) } as const;
  const x = (field: 'p50' | 'p99') =>
    ({ field, type: 'quantitative', title: null, scale: { type: 'log' } }) as const;
  return toSvg({
    title: { text: 'Latency, ms, logarithmic', subtitle: 'from send to receipt: p50 ● and p99 ○' },
    data: { values },
    facet: { row: { field: 'size', type: 'nominal', title: null, sort: sizesOf(figures) } },
    spec: {
      width: 520,
      height: { step: 24 },
      layer: [
        {
          mark: { type: 'rule', color: '#cbd5e1', strokeWidth: 3 },
          encoding: { y, x: x('p50'), x2: { field: 'p99' } },
        },
        {
          mark: { type: 'point', filled: true, size: 90, color: '#2563eb', opacity: 1 },
          encoding: { y, x: x('p50') },
        },
        { mark: { type: 'point', size: 90, color: '#2563eb', opacity: 1 }, encoding: { y, x: x('p99') } },
      ],
    },
  });
}

/** One page that needs nothing else. */
export async function benchPage(result: BenchResult): Promise<string> {
  const [rates, latency] = await Promise.all([ratesPlot(result), latencyPlot(result)]);
  return page('Ways to speak to Pulsar, side by side', [
    {
      text: 'One broker on this machine, TLS on both sides, one producer and one Shared consumer each; medians of rounds that took turns. docs/bench.md says how it is measured, and where the limits lie.',
    },
    { svg: rates },
    { svg: latency },
    { table: [HEAD, ...rowsOf(result)] },
  ]);
}

function sizeText(bytes: number): string {
  return bytes < 1024 ? `${bytes} B` : `${bytes / 1024} KB`;
}

function sizesOf(figures: BenchResult['figures']): string[] {
  return [...new Set(figures.map(({ bytes }) => sizeText(bytes)))];
}

function subjectsOf(figures: BenchResult['figures']): string[] {
  return [...new Set(figures.map(({ subject }) => subject))];
}
