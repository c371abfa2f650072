import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { loadavg } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { ulid } from 'ulid';
import { type AudioMessage, encode } from '../../contract/index.js';
import { type ConnectOptions, connect } from '../../messaging/index.js';
import type { PagesAnswer, PagesTask } from './task.js';

export interface BenchProps {
  readonly task: Omit<PagesTask, 'messages' | 'patienceMs' | 'warmUp' | 'slice'>;
  readonly messaging: ConnectOptions;
  /** Where messages go in: what is measured is the way from there into the pages. */
  readonly topic: string;
  /** All pages show it. */
  readonly thread: string;
  /** The one process that serves the pages. */
  readonly pid: number;
  readonly everyMs: number;
  readonly seconds: number;
  readonly signal: AbortSignal;
}

export interface BenchResult extends Extract<PagesAnswer, { kind: 'done' }> {
  readonly pages: number;
  readonly messages: number;
  /** MiB of the process, each second. */
  readonly rss: readonly number[];
  /** Cores that the process kept busy. */
  readonly cores: number;
  /** Of the machine, at the end: what runs besides is in the figures. */
  readonly load: number;
}

const PATIENCE_MS = 20_000;
const WARM_UP_SECONDS = 5;
const SLICE_SECONDS = 5;

/** Opens the pages, then sends; connections are dropped at random all the while. */
export async function benchPages(props: BenchProps): Promise<BenchResult> {
  const { task, everyMs, seconds, pid, signal } = props;
  const inSeconds = (of: number) => Math.round((of * 1_000) / everyMs);
  const messages = inSeconds(WARM_UP_SECONDS + seconds);
  const told: PagesTask = {
    ...task,
    messages,
    warmUp: inSeconds(WARM_UP_SECONDS),
    slice: inSeconds(SLICE_SECONDS),
    patienceMs: PATIENCE_MS,
  };
  const program = fileURLToPath(new URL('./pages.js', import.meta.url));
  const pages = fork(program, [JSON.stringify(told)], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  const stop = () => pages.kill('SIGKILL');
  signal.addEventListener('abort', stop);
  try {
    const answer = async () => {
      const [said] = (await Promise.race([
        once(pages, 'message'),
        once(pages, 'exit').then(([code]) => {
          throw new Error(`the process with the pages ended: ${code}`);
        }),
      ])) as [PagesAnswer];
      return said;
    };
    await answer();
    const rss = [await rssOf(pid)];
    const watching = setInterval(async () => rss.push(await rssOf(pid)), 1_000);
    const [began, before] = [performance.now(), await cpuSecondsOf(pid)];
    await send(props, messages);
    const cores = ((await cpuSecondsOf(pid)) - before) / ((performance.now() - began) / 1_000);
    clearInterval(watching);
    pages.send('end');
    const done = await answer();
    if (done.kind !== 'done') throw new Error('the process with the pages says the unexpected');
    return { ...done, pages: task.pages, messages, rss, cores, load: loadavg()[0] ?? 0 };
  } finally {
    signal.removeEventListener('abort', stop);
    stop();
  }
}

async function send({ messaging, topic, thread, everyMs, signal }: BenchProps, count: number): Promise<void> {
  const client = await connect(messaging);
  try {
    const producer = await client.producer({ topic, name: 'bench' });
    const began = performance.now();
    for (let number = 0; number < count; number++) {
      await sleep(Math.max(0, began + number * everyMs - performance.now()), undefined, { signal });
      void producer.send({ data: encode(messageOf(number, thread)), key: thread });
    }
    await producer.flush();
  } finally {
    await client.close();
  }
}

function messageOf(number: number, thread: string): AudioMessage {
  const id = ulid();
  return {
    v: 1,
    kind: 'audio',
    id,
    thread,
    author: `n-${number}`,
    createdAt: new Date().toISOString(),
    object: { key: `${thread}/${id}`, contentType: 'audio/webm', size: 1, sha256: '0'.repeat(64) },
  };
}

async function rssOf(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Math.round(Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1]) / 1024);
}

/** By the kernel's clock of 100 ticks a second. */
async function cpuSecondsOf(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
  const [user = 0, system = 0] = stat.slice(stat.lastIndexOf(')')).split(' ').slice(12, 14).map(Number);
  return (user + system) / 100;
}
