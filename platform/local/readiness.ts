import { open, readFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Answer, type ClientTls, httpsProbe } from '../edges/https-probe.js';
import { PlatformError } from '../errors.js';
import type { Plan } from '../plan/index.js';
import type { Report } from '../report.js';
import { type Probe, probeOf } from './parts/probe.js';
import type { ProcessSpec } from './process-spec.js';
import type { StateFolder } from './state-folder.js';
import { readSupervisorState } from './supervisor/client.js';

/** Each question is a handshake of its own, while what is asked needs the CPU to start. */
const POLL_MS = 250;
const PROBE_TIMEOUT_MS = 5_000;
/** So many starts in vain, and nobody waits longer. */
const HOPELESS_RESTARTS = 3;

/** Asks a process once whether it is ready. */
export async function isReady(plan: Plan, folder: StateFolder, name: string): Promise<boolean> {
  const probe = probeOf(plan, folder, name);
  return (await ask(probe, folder)).status === probe.status;
}

async function ask({ url, as, tokenFile }: Probe, folder: StateFolder): Promise<Answer> {
  const token = tokenFile === undefined ? undefined : (await readFile(tokenFile, 'utf8')).trim();
  const tls = await clientTls(folder, as);
  return httpsProbe(url, tls, { timeoutMs: PROBE_TIMEOUT_MS, ...(token !== undefined && { token }) });
}

/** What the operator's tools dial with: the trust, and the certificate of a workload. */
export async function clientTls(folder: StateFolder, as = 'operator'): Promise<ClientTls> {
  const at = (file: string) => readFile(path.join(folder.certificate(as), file), 'utf8');
  const [ca, cert, key] = await Promise.all([at('ca.crt'), at('tls.crt'), at('tls.key')]);
  return { ca, cert, key };
}

export interface WaitOptions {
  readonly plan: Plan;
  readonly folder: StateFolder;
  readonly timeoutMs: number;
  readonly report: Report;
  readonly signal: AbortSignal;
}

/** Waits until every process is ready; gives up on all as soon as one ends again and again. */
export async function waitUntilReady(processes: readonly ProcessSpec[], options: WaitOptions): Promise<void> {
  const givenUp = new AbortController();
  const signal = AbortSignal.any([options.signal, givenUp.signal]);
  try {
    await Promise.all(processes.map(process => waitForOne(process, { ...options, signal })));
  } finally {
    givenUp.abort();
  }
}

async function waitForOne({ name, log }: ProcessSpec, options: WaitOptions): Promise<void> {
  const { plan, folder, timeoutMs, report, signal } = options;
  const probe = probeOf(plan, folder, name);
  const began = Date.now();
  const before = await restartsOf(name, folder);
  let answer: Answer = {};
  while (Date.now() - began < timeoutMs) {
    signal.throwIfAborted();
    answer = await ask(probe, folder);
    if (answer.status === probe.status) {
      report.success(name, `ready (${seconds(began)} s)`);
      return;
    }
    if ((await restartsOf(name, folder)) >= before + HOPELESS_RESTARTS) break;
    report.progress(name, `starting, ${seconds(began)} s`);
    await sleep(POLL_MS, undefined, { signal });
  }
  const restarts = (await restartsOf(name, folder)) - before;
  throw new PlatformError('PartFailed', `the ${name} did not become ready in ${seconds(began)} s`, {
    where: log,
    saw: `${restarts} restarts, last answer ${answer.status ?? answer.error}; ${await lastWords(log)}`,
    want: `${probe.url} answers ${probe.status}`,
  });
}

async function restartsOf(name: string, folder: StateFolder): Promise<number> {
  const state = await readSupervisorState(folder);
  return state?.processes.find(process => process.name === name)?.restarts ?? 0;
}

/** The last line of a log that tells of trouble, else the last line. */
async function lastWords(log: string): Promise<string> {
  const lines = (await tail(log, 64 * 1024)).split('\n').filter(Boolean);
  const trouble = lines.findLast(line => /error|exception|refused|failed|no space|in use/i.test(line));
  return `the log says: ${(trouble ?? lines.at(-1) ?? '(nothing)').trim().slice(0, 300)}`;
}

/** The end of a file that may be large or missing. */
export async function tail(file: string, bytes: number): Promise<string> {
  const handle = await open(file).catch(() => undefined);
  if (handle === undefined) return '';
  try {
    const { size } = await handle.stat();
    const length = Math.min(size, bytes);
    const { buffer } = await handle.read({ buffer: Buffer.alloc(length), position: size - length });
    return buffer.toString();
  } finally {
    await handle.close();
  }
}

function seconds(since: number): string {
  return ((Date.now() - since) / 1000).toFixed(1);
}
