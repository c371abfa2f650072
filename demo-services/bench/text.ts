import type { Figures } from './figures.js';
import type { BenchResult } from './run.js';

export const HEAD = [
  'subject',
  'bytes',
  'produce /s',
  'end to end /s',
  'p50 ms',
  'p99 ms',
  'produce CPU',
  'end to end CPU',
] as const;

/** The figures as rows of a table, in the order of sizes, and of subjects within. */
export function rowsOf({ figures, skipped }: BenchResult): (string | number)[][] {
  return [...new Set(figures.map(({ bytes }) => bytes))].flatMap(bytes => [
    ...figures.filter(it => it.bytes === bytes).map(row),
    ...skipped.map(({ subject }) => [subject, bytes, ...Array<string>(HEAD.length - 2).fill('skipped')]),
  ]);
}

function row({ subject, bytes, produce, endToEnd, p50, p99, ...cpu }: Figures): (string | number)[] {
  return [
    subject,
    bytes,
    produce,
    endToEnd,
    p50,
    p99,
    cpuText(cpu.produceCpuUs),
    cpuText(cpu.cpuUsPerMessage),
  ];
}

function cpuText(us: number | null): string {
  return us === null ? '-' : `${us} µs`;
}
