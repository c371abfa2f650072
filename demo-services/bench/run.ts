import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { type Figures, figuresOf, type Phase } from './figures.js';
import type { PhaseProps } from './measure.js';
import { SUBJECTS, type SubjectName, type WorkerWord } from './words.js';

export interface Size {
  readonly bytes: number;
  /** Messages that wait for the broker's acknowledgement. */
  readonly pending: number;
  readonly prefetch: number;
  /** Messages that are sent and not received. */
  readonly inFlight: number;
}

export const SIZES: readonly Size[] = [
  { bytes: 100, pending: 1_000, prefetch: 1_000, inFlight: 2_000 },
  { bytes: 10_240, pending: 200, prefetch: 200, inFlight: 400 },
];
/** Messages a second at which latencies are taken. */
export const LATENCY_RATE = 300;
/**
 * The phases of a subject are repeated, taking turns with those of the others, so that all have the same weather. Who
 * was first in one round is last in the next: the broker still tidies up after a phase when the next one has begun.
 */
const ROUNDS = 4;
const PHASES = ['produce', 'endToEnd'] as const;
/** What all phases may take together; each takes its share. */
const BUDGET_SECONDS = 48;
const MAX_SECONDS = 1.5;
const LATENCY_SECONDS = 2;

export interface BenchProps {
  /** The environment of the workers: where the broker is, and who asks. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Name of an existing topic that nothing else uses. */
  readonly topic: (subject: string, bytes: number, phase: string) => string;
  /** @default - all */
  readonly only?: readonly string[];
  /** `latency`: rates are measured with each message as an entry of its own. @default 'throughput' */
  readonly rates?: 'throughput' | 'latency';
  readonly onProgress: (text: string) => void;
  readonly signal: AbortSignal;
}

export interface Skipped {
  readonly subject: string;
  readonly reason: string;
}

export interface BenchResult {
  readonly figures: readonly Figures[];
  readonly skipped: readonly Skipped[];
}

/** Measures every subject that can run here, each in a process of its own. */
export async function runBench(props: BenchProps): Promise<BenchResult> {
  const wanted = SUBJECTS.filter(name => props.only?.includes(name) ?? true);
  const workers = await Promise.all(wanted.map(name => startWorker(name, props)));
  try {
    const skipped = workers.flatMap(({ name, reason }) => (reason ? [{ subject: name, reason }] : []));
    const able = workers.filter(({ reason }) => reason === undefined);
    const figures: Figures[] = [];
    for (const size of SIZES) figures.push(...(await measureSize(able, size, props)));
    return { figures, skipped };
  } finally {
    for (const { end } of workers) end();
  }
}

async function measureSize(workers: readonly Worker[], size: Size, props: BenchProps): Promise<Figures[]> {
  const { topic, onProgress, signal, rates = 'throughput' } = props;
  const { bytes, pending, prefetch, inFlight } = size;
  const seconds = Math.min(
    MAX_SECONDS,
    BUDGET_SECONDS / (workers.length * SIZES.length * ROUNDS * PHASES.length),
  );
  const phases = new Map(
    workers.map(({ name }) => [name, { produce: [], endToEnd: [], latency: [] } as Phases]),
  );
  const run = async ({ name, measure }: Worker, phase: PhaseProps['phase']) => {
    signal.throwIfAborted();
    const common = { topic: topic(name, bytes, phase), bytes, inFlight, rate: LATENCY_RATE };
    const result = await measure(
      phase === 'latency'
        ? { ...common, phase, seconds: LATENCY_SECONDS, use: { optimizeFor: 'latency', pending, prefetch } }
        : { ...common, phase, seconds, use: { optimizeFor: rates, pending, prefetch } },
    );
    phases.get(name)?.[phase].push(result);
    const figure = phase === 'latency' ? '' : `  ${Math.round(result.rate)}/s`;
    onProgress(`${bytes} B  ${name}  ${PHASE_NAMES[phase]}${figure}`);
  };
  // Not counted: the gateway, too, compiles what it runs often.
  for (const { name, measure } of workers) {
    const use = { optimizeFor: rates, pending, prefetch };
    const at = topic(name, bytes, 'endToEnd');
    await measure({ phase: 'endToEnd', topic: at, bytes, inFlight, rate: LATENCY_RATE, seconds: 1, use });
  }
  for (let round = 0; round < ROUNDS; round++) {
    const inTurn = round % 2 === 0 ? workers : [...workers].reverse();
    for (const phase of PHASES) {
      for (const worker of inTurn) await run(worker, phase);
    }
  }
  for (const worker of workers) await run(worker, 'latency');
  return [...phases].map(([name, its]) => figuresOf(name, bytes, its));
}

type Phases = Record<PhaseProps['phase'], Phase[]>;
const PHASE_NAMES = { produce: 'produce', endToEnd: 'end to end', latency: 'latency' } as const;

interface Worker {
  readonly name: SubjectName;
  /** Why it can't be measured here. */
  readonly reason: string | undefined;
  readonly measure: (props: PhaseProps) => Promise<Phase>;
  readonly end: () => void;
}

async function startWorker(name: SubjectName, { env, signal }: BenchProps): Promise<Worker> {
  const child = fork(fileURLToPath(new URL('./worker.js', import.meta.url)), [name], {
    env: { ...env },
    signal,
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const first = await word(child, name);
  return {
    name,
    reason: 'skipped' in first ? first.skipped : undefined,
    measure: async props => {
      const answer = word(child, name);
      child.send(props);
      const got = await answer;
      if ('phase' in got) return got.phase;
      throw new Error(`${name}: ${'failed' in got ? got.failed : 'said something else'}`);
    },
    end: () => {
      if (child.connected) child.send('end');
    },
  };
}

function word(child: ChildProcess, name: string): Promise<WorkerWord> {
  return new Promise((resolve, reject) => {
    const ended = (code: number | null, signal: string | null) =>
      reject(new Error(`the process of ${name} ended: ${signal ?? code}`));
    child.once('exit', ended);
    child.once('error', reject);
    child.once('message', message => {
      child.off('exit', ended).off('error', reject);
      resolve(message as WorkerWord);
    });
  });
}
