/** One subject at one size. Rates are messages a second, latencies ms from send to receipt. */
export interface Figures {
  readonly subject: string;
  readonly bytes: number;
  /** Stored by the broker, nobody receiving. */
  readonly produce: number;
  /** Received and acknowledged, while as much is sent as is received. */
  readonly endToEnd: number;
  /** At a steady rate that nobody finds hard. */
  readonly p50: number;
  readonly p99: number;
  /** CPU of the client's processes for a message that is sent, µs; null where it cannot be had. */
  readonly produceCpuUs: number | null;
  /** The same for one that is sent and received. */
  readonly cpuUsPerMessage: number | null;
}

/** What one phase yields. */
export interface Phase {
  readonly rate: number;
  readonly cpuUs?: number;
  /** Each message's, in no order. */
  readonly latencies?: readonly number[];
}

/** The figures of a subject from the rounds of each phase: medians, which one disturbed round does not move. */
export function figuresOf(
  subject: string,
  bytes: number,
  { produce, endToEnd, latency }: Readonly<Record<'produce' | 'endToEnd' | 'latency', readonly Phase[]>>,
): Figures {
  const latencies = latency.flatMap(phase => phase.latencies ?? []);
  return {
    subject,
    bytes,
    produce: Math.round(median(produce.map(({ rate }) => rate))),
    endToEnd: Math.round(median(endToEnd.map(({ rate }) => rate))),
    p50: rounded(percentile(latencies, 0.5)),
    p99: rounded(percentile(latencies, 0.99)),
    produceCpuUs: cpuOf(produce),
    cpuUsPerMessage: cpuOf(endToEnd),
  };
}

function cpuOf(phases: readonly Phase[]): number | null {
  const cpu = phases.flatMap(({ cpuUs }) => (cpuUs === undefined ? [] : [cpuUs]));
  return cpu.length === 0 ? null : rounded(median(cpu));
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  const at = (index: number) => sorted[index] ?? Number.NaN;
  return Number.isInteger(middle) ? (at(middle - 1) + at(middle)) / 2 : at(Math.floor(middle));
}

/** Nearest rank: a figure that was measured. */
export function percentile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(part * sorted.length) - 1)] ?? Number.NaN;
}

function rounded(value: number): number {
  return Math.round(value * 10) / 10;
}
