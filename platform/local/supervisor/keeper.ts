import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, renameSync, statSync, writeSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { identify } from '../../edges/process-identity.js';
import type { ProcessSpec } from '../process-spec.js';
import { failuresAfter, restartDelayMs } from './backoff.js';
import type { ProcessState } from './state.js';

/** A log larger than this is put aside, one generation, before its process starts. */
const LOG_LIMIT_BYTES = 64 * 1024 * 1024;

/** Keeps one process running until it is told to stop. */
export interface Keeper {
  readonly spec: ProcessSpec;
  readonly state: () => ProcessState;
  /** SIGTERM, and SIGKILL when that is not heard in time. Settles when the process has ended. */
  readonly stop: () => Promise<void>;
}

/**
 * @param mark environment of every process that is started, so that it is found even without a record
 * @param onChange called after every change of the state
 */
export function keepRunning(
  spec: ProcessSpec,
  mark: Readonly<Record<string, string>>,
  onChange: () => void,
): Keeper {
  const stopping = new AbortController();
  let state: ProcessState = { name: spec.name, phase: 'waiting', restarts: 0 };
  const update = (next: Partial<ProcessState>) => {
    state = { ...state, ...next };
    onChange();
  };

  async function run(): Promise<void> {
    let failures = 0;
    for (let restarts = 0; !stopping.signal.aborted; restarts += 1) {
      const child = launch(spec, mark);
      const startedAt = new Date();
      const identity = child.pid === undefined ? undefined : identify(child.pid);
      update({ phase: 'running', identity, startedAt: startedAt.toISOString(), restarts });
      const lastEnd = await endOf(child, spec.stopSeconds, stopping.signal);
      failures = failuresAfter(failures, Date.now() - startedAt.getTime());
      update({ phase: 'waiting', identity: undefined, lastEnd });
      await sleep(restartDelayMs(failures), undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  }

  const ended = run();
  return {
    spec,
    state: () => state,
    stop: () => {
      if (!stopping.signal.aborted) update({ phase: 'stopping' });
      stopping.abort();
      return ended;
    },
  };
}

/** Starts the process in a group of its own, its output appended to its log. */
function launch(spec: ProcessSpec, mark: Readonly<Record<string, string>>): ChildProcess {
  const log = openLog(spec.log);
  const child = spawn(spec.command, spec.args, {
    cwd: spec.cwd,
    env: { ...spec.env, ...mark },
    stdio: ['ignore', log ?? 'ignore', log ?? 'ignore'],
    detached: true,
  });
  child.once('error', error => appendLine(spec.log, `could not be started: ${error.message}`));
  if (log !== undefined) closeSync(log);
  return child;
}

/** Without a log (a full disk) a process runs all the same. */
function openLog(file: string): number | undefined {
  try {
    setAside(file);
    return openSync(file, 'a', 0o600);
  } catch {
    return undefined;
  }
}

function appendLine(file: string, text: string): void {
  const log = openLog(file);
  if (log === undefined) return;
  writeSync(log, `${new Date().toISOString()} ${text}\n`);
  closeSync(log);
}

function setAside(log: string): void {
  if ((statSync(log, { throwIfNoEntry: false })?.size ?? 0) > LOG_LIMIT_BYTES) renameSync(log, `${log}.1`);
}

/** Waits for the end; when `stop` fires, asks for it, and after `stopSeconds` forces it. */
function endOf(
  child: ChildProcess,
  stopSeconds: number,
  stop: AbortSignal,
): Promise<NonNullable<ProcessState['lastEnd']>> {
  return new Promise(resolve => {
    let force: NodeJS.Timeout | undefined;
    const ask = () => {
      child.kill('SIGTERM');
      force = setTimeout(() => child.kill('SIGKILL'), stopSeconds * 1000);
    };
    const finish = (code: number | null, signal: string | null) => {
      clearTimeout(force);
      stop.removeEventListener('abort', ask);
      killGroup(child);
      resolve({ code, signal, at: new Date().toISOString() });
    };
    child.once('exit', finish);
    child.once('error', () => finish(null, null));
    if (stop.aborted) ask();
    else stop.addEventListener('abort', ask, { once: true });
  });
}

/** What a process has left behind in its group ends with it. */
function killGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // Nobody is left in the group: the usual case.
  }
}
