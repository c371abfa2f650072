import { setTimeout as sleep } from 'node:timers/promises';
import {
  type Figures,
  figuresOf,
  LATENCY_RATE,
  type Phase,
  type Size,
} from '../../../demo-services/bench/index.js';
import type { PulsarAdmin } from '../../edges/pulsar-admin.js';
import { PlatformError } from '../../errors.js';
import { type PerfProcess, type PerfProps, startPerf } from '../../local/pulsar-perf.js';

export const PERF = 'pulsar-perf';
const SUBSCRIPTION = 'bench';
/** The JVM compiles what it runs often: what comes before is not counted. */
const WARM_UP_SECONDS = 2;
const SECONDS = 2;
const START_TIMEOUT_MS = 30_000;
/** It tells latencies every ten seconds: the first ten are those of a cold JVM. */
const LATENCY_TIMEOUT_MS = 60_000;

export interface PerfBench {
  readonly perf: PerfProps;
  readonly admin: PulsarAdmin;
  readonly topic: (subject: string, bytes: number, phase: string) => string;
  readonly rates: 'throughput' | 'latency';
  readonly sizes: readonly Size[];
  readonly onProgress: (text: string) => void;
}

/** Measures `pulsar-perf`. What it sends and receives is counted by the broker, for it tells only averages with its start in them. */
export async function measurePerf(bench: PerfBench): Promise<Figures[]> {
  const { sizes, onProgress } = bench;
  const rates = [];
  for (const size of sizes) {
    const produced = await produce(bench, size);
    onProgress(`${size.bytes} B  ${PERF}  produce  ${Math.round(produced.rate)}/s`);
    const flown = await endToEnd(bench, size);
    onProgress(`${size.bytes} B  ${PERF}  end to end  ${Math.round(flown.rate)}/s`);
    rates.push({ size, produced, flown });
  }
  onProgress(`${PERF}  latency`);
  // Both sizes at a time, for it takes its time; a steady trickle each.
  const latencies = await Promise.all(sizes.map(size => latency(bench, size)));
  return rates.map(({ size, produced, flown }, index) => ({
    ...figuresOf(PERF, size.bytes, { produce: [produced], endToEnd: [flown], latency: [] }),
    ...(latencies[index] ?? { p50: Number.NaN, p99: Number.NaN }),
  }));
}

async function produce(bench: PerfBench, size: Size) {
  const topic = bench.topic(PERF, size.bytes, 'produce');
  const producer = await startPerf(producing(topic, size, bench.rates), bench.perf);
  try {
    await flows(bench, topic, 'msgInCounter', [producer]);
    return await costing([producer], () => counted(() => counters(bench.admin, topic), 'msgInCounter'));
  } finally {
    await producer.stop();
  }
}

async function endToEnd(bench: PerfBench, size: Size) {
  const topic = bench.topic(PERF, size.bytes, 'endToEnd');
  const consumer = await startPerf(consuming(topic, size), bench.perf);
  const producer = await startPerf(producing(topic, size, bench.rates), bench.perf);
  const both = [consumer, producer];
  try {
    await flows(bench, topic, 'msgOutCounter', both);
    return await costing(both, () => counted(() => counters(bench.admin, topic), 'msgOutCounter'));
  } finally {
    await Promise.all(both.map(perf => perf.stop()));
  }
}

async function latency({ topic, perf }: PerfBench, size: Size): Promise<Pick<Figures, 'p50' | 'p99'>> {
  const at = topic(PERF, size.bytes, 'latency');
  const consumer = await startPerf(consuming(at, size), perf);
  const producer = await startPerf(producing(at, size, 'latency', LATENCY_RATE), perf);
  try {
    const told = () => consumer.lines.filter(line => line.startsWith('Throughput received'));
    await until(() => told().length >= 2, LATENCY_TIMEOUT_MS, perf.signal, [consumer, producer]);
    return latencyIn(told()[1] ?? '');
  } finally {
    await Promise.all([consumer.stop(), producer.stop()]);
  }
}

/** `Throughput received: … --- Latency: mean: 3.1 ms - med: 3 - 95pct: 5 - 99pct: 9 - …` */
export function latencyIn(line: string): Pick<Figures, 'p50' | 'p99'> {
  const figure = (name: string) => Number(new RegExp(`${name}: *([0-9.]+)`).exec(line)?.[1]);
  return { p50: figure('med'), p99: figure('99pct') };
}

function producing(
  topic: string,
  { bytes, pending }: Size,
  use: 'throughput' | 'latency',
  rate = 10_000_000,
) {
  const batches = use === 'throughput' ? ['--batch-time-window', '5'] : ['--disable-batching'];
  return [
    'produce',
    topic,
    ...['--rate', String(rate)],
    ...['--size', String(bytes)],
    ...['--max-outstanding', String(pending)],
    ...batches,
  ];
}

function consuming(topic: string, { prefetch }: Size) {
  return [
    'consume',
    topic,
    ...['--subscriptions', SUBSCRIPTION],
    ...['--subscription-type', 'Shared'],
    ...['--receiver-queue-size', String(prefetch)],
  ];
}

interface Counters {
  readonly msgInCounter: number;
  readonly msgOutCounter: number;
}

async function counters(admin: PulsarAdmin, topic: string): Promise<Counters> {
  return (await admin.get(`${topic.replace('://', '/')}/stats`)) as Counters;
}

/** Waits until it has sent or received for a while. */
async function flows(
  { admin, perf }: PerfBench,
  topic: string,
  counter: keyof Counters,
  processes: readonly PerfProcess[],
): Promise<void> {
  const before = (await counters(admin, topic))[counter];
  await until(
    async () => (await counters(admin, topic))[counter] > before,
    START_TIMEOUT_MS,
    perf.signal,
    processes,
  );
  await sleep(WARM_UP_SECONDS * 1_000, undefined, { signal: perf.signal });
}

/** What each of the messages counted costs the processes. */
async function costing(
  processes: readonly PerfProcess[],
  count: () => ReturnType<typeof counted>,
): Promise<Phase> {
  const cpu = async () => {
    const all = await Promise.all(processes.map(perf => perf.cpuUs()));
    return all.reduce<number>((sum, us) => sum + (us ?? Number.NaN), 0);
  };
  const before = await cpu();
  const { rate, count: messages } = await count();
  const cpuUs = ((await cpu()) - before) / messages;
  return { rate, ...(Number.isFinite(cpuUs) && { cpuUs }) };
}

async function counted(read: () => Promise<Counters>, counter: keyof Counters) {
  const [before, began] = [(await read())[counter], performance.now()];
  await sleep(SECONDS * 1_000);
  const [after, ended] = [(await read())[counter], performance.now()];
  return { rate: ((after - before) * 1_000) / (ended - began), count: after - before };
}

async function until(
  holds: () => boolean | Promise<boolean>,
  timeoutMs: number,
  signal: AbortSignal,
  processes: readonly PerfProcess[],
): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while (!(await holds())) {
    if (Date.now() > deadline) {
      const last = processes.flatMap(({ lines }) => lines.slice(-3)).join(' | ');
      throw new PlatformError('BenchFailed', `${PERF} sends or receives nothing`, { saw: last });
    }
    await sleep(100, undefined, { signal });
  }
}
